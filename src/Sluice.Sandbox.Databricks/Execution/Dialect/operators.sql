-- Arithmetic as a warehouse has it, which is ANSI mode: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-ansi-compliance.
-- A text is cast to what it is compared with: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-datatype-rules.
SET old_implicit_casting = true;

CREATE MACRO sandbox_nonzero(a) AS CASE WHEN a = 0 THEN error('sandbox raised DIVIDE_BY_ZERO: Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.') ELSE a END;

CREATE MACRO "/"(a, b) AS system.main."/"(CAST(a AS DOUBLE), sandbox_nonzero(CAST(b AS DOUBLE)));

CREATE MACRO sandbox_remainder_nonzero(a) AS CASE WHEN a = 0 THEN error('sandbox raised REMAINDER_BY_ZERO: Remainder by zero. Use `try_mod` to tolerate divisor being 0 and return NULL instead.') ELSE a END;

CREATE MACRO "%"(a, b) AS system.main."%"(a, sandbox_remainder_nonzero(b));

CREATE MACRO "//"(a, b) AS CAST(system.main."//"(CAST(a AS BIGINT), sandbox_nonzero(CAST(b AS BIGINT))) AS BIGINT);

CREATE MACRO sandbox_try_divide(a, b) AS CASE WHEN b = 0 THEN NULL ELSE system.main."/"(CAST(a AS DOUBLE), CAST(b AS DOUBLE)) END;
