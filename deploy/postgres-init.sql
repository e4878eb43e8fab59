-- Run once by psql as the superuser, when the server's data directory is made: a login role for each user of the server,
-- with the databases it owns. No role reaches another's database.
\getenv platform_password PLATFORM_DB_PASSWORD
\getenv departments_password DEPARTMENTS_DB_PASSWORD
\getenv temporal_password TEMPORAL_DB_PASSWORD

create role santong login password :'platform_password';
create database santong owner santong;
revoke all on database santong from public;

create role temporal login password :'temporal_password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
revoke all on database temporal from public;
revoke all on database temporal_visibility from public;

-- Seeding makes the departments' databases with this role. It is given the roles it makes, for it has to name them as
-- owners and close their databases to everyone else.
create role departments login createdb createrole password :'departments_password';
alter role departments set createrole_self_grant = 'set, inherit';
revoke all on database postgres from public;
revoke all on database template1 from public;
grant connect on database postgres to departments;
