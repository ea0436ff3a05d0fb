-- Run once by the database's superuser, when PostgreSQL first starts on an empty volume.
--
-- inventoryai_owner owns the database and runs the migrations: it may make roles, but cannot step around
-- row-level security. inventoryai_login is what the API and the workers log in as: it owns and inherits
-- nothing, and may do only what migrations grant the roles that it can switch to.

\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv login_password LOGIN_PASSWORD

create role inventoryai_owner
    login nosuperuser nobypassrls noreplication nocreatedb createrole inherit password :'owner_password';
create role inventoryai_login
    login nosuperuser nobypassrls noreplication nocreatedb nocreaterole noinherit password :'login_password';

create database inventoryai owner inventoryai_owner;
revoke connect on database inventoryai from public;
grant connect on database inventoryai to inventoryai_login;
