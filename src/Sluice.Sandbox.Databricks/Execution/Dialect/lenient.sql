-- Arithmetic with texts, each cast to what it meets: BIGINT for whole numbers, DOUBLE for others and for a second text, as
-- https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-datatype-rules has it. In a schema of its own, which only a query that the
-- engine could not bind without it looks into: its whole numbers are all BIGINT.
CREATE SCHEMA lenient;

CREATE MACRO lenient."+"(a VARCHAR) AS system.main."+"(CAST(a AS DOUBLE)), (a BIGINT) AS system.main."+"(a), (a DOUBLE) AS system.main."+"(a), (a) AS system.main."+"(a),
  (a VARCHAR, b VARCHAR) AS system.main."+"(CAST(a AS DOUBLE), CAST(b AS DOUBLE)),
  (a VARCHAR, b BIGINT) AS system.main."+"(CAST(a AS BIGINT), b), (a BIGINT, b VARCHAR) AS system.main."+"(a, CAST(b AS BIGINT)),
  (a VARCHAR, b DOUBLE) AS system.main."+"(CAST(a AS DOUBLE), b), (a DOUBLE, b VARCHAR) AS system.main."+"(a, CAST(b AS DOUBLE)),
  (a BIGINT, b BIGINT) AS system.main."+"(a, b), (a DOUBLE, b DOUBLE) AS system.main."+"(a, b), (a DATE, b BIGINT) AS system.main."+"(a, CAST(b AS INTEGER)), (a DATE, b INTERVAL) AS system.main."+"(a, b), (a, b) AS system.main."+"(a, b);

CREATE MACRO lenient."-"(a VARCHAR) AS system.main."-"(CAST(a AS DOUBLE)), (a BIGINT) AS system.main."-"(a), (a DOUBLE) AS system.main."-"(a), (a) AS system.main."-"(a),
  (a VARCHAR, b VARCHAR) AS system.main."-"(CAST(a AS DOUBLE), CAST(b AS DOUBLE)),
  (a VARCHAR, b BIGINT) AS system.main."-"(CAST(a AS BIGINT), b), (a BIGINT, b VARCHAR) AS system.main."-"(a, CAST(b AS BIGINT)),
  (a VARCHAR, b DOUBLE) AS system.main."-"(CAST(a AS DOUBLE), b), (a DOUBLE, b VARCHAR) AS system.main."-"(a, CAST(b AS DOUBLE)),
  (a BIGINT, b BIGINT) AS system.main."-"(a, b), (a DOUBLE, b DOUBLE) AS system.main."-"(a, b), (a DATE, b BIGINT) AS system.main."-"(a, CAST(b AS INTEGER)), (a DATE, b INTERVAL) AS system.main."-"(a, b), (a, b) AS system.main."-"(a, b);

CREATE MACRO lenient."*"(a VARCHAR, b VARCHAR) AS system.main."*"(CAST(a AS DOUBLE), CAST(b AS DOUBLE)),
  (a VARCHAR, b BIGINT) AS system.main."*"(CAST(a AS BIGINT), b), (a BIGINT, b VARCHAR) AS system.main."*"(a, CAST(b AS BIGINT)),
  (a VARCHAR, b DOUBLE) AS system.main."*"(CAST(a AS DOUBLE), b), (a DOUBLE, b VARCHAR) AS system.main."*"(a, CAST(b AS DOUBLE)),
  (a BIGINT, b BIGINT) AS system.main."*"(a, b), (a DOUBLE, b DOUBLE) AS system.main."*"(a, b), (a, b) AS system.main."*"(a, b);
