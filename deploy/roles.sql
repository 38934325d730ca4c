-- The three roles of Assay and its database. Run once as a superuser:
--   psql -v ON_ERROR_STOP=1 -v owner=… -v app=… -v sealer=… -f deploy/roles.sql
-- The owner migrates; the application may read and write rows, and neither change the schema nor truncate;
-- the sealer numbers and signs records (`manage.py migrate` gives it what it needs, and takes that from the application).
CREATE ROLE assay_owner LOGIN PASSWORD :'owner';
CREATE ROLE assay_app LOGIN PASSWORD :'app' NOBYPASSRLS;
CREATE ROLE assay_sealer LOGIN PASSWORD :'sealer' NOBYPASSRLS;
CREATE DATABASE assay OWNER assay_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE assay FROM PUBLIC;
GRANT CONNECT ON DATABASE assay TO assay_app, assay_sealer;
\connect assay
ALTER SCHEMA public OWNER TO assay_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO assay_app, assay_sealer;
ALTER DEFAULT PRIVILEGES FOR ROLE assay_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO assay_app;
ALTER DEFAULT PRIVILEGES FOR ROLE assay_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO assay_app;
