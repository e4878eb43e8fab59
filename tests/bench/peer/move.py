"""Moves one table between two PostgreSQL databases with dlt, as its guide advises for speed: Arrow in, CSV by COPY out.

Arguments: the source's address, the target's address, the table. Prints the seconds from the first read to the last commit.
"""

import os
import sys
import time

source_url, target_url, table, folder = sys.argv[1:5]
os.environ["DLT_DATA_DIR"] = folder
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
os.environ["NORMALIZE__DATA_WRITER__DISABLE_COMPRESSION"] = "true"

import dlt  # noqa: E402  (its settings are read when it is loaded)
from dlt.sources.sql_database import sql_table  # noqa: E402

pipeline = dlt.pipeline(
    "peer",
    destination=dlt.destinations.postgres(target_url),
    dataset_name="peer",
    pipelines_dir=folder,
)
begun = time.monotonic()
rows = sql_table(source_url, table=table, backend="pyarrow", chunk_size=50_000)
pipeline.run(rows, write_disposition="replace", loader_file_format="csv")
print(time.monotonic() - begun)
