-- CAST as https://docs.databricks.com/aws/en/sql/language-manual/functions/cast describes it where the engine's own differs: fractions
-- are cut towards zero, texts must hold a whole number, a flag's text is one of ten words, binaries are UTF-8.
-- The engine writes a macro's argument wherever its parameter stands, so calls within calls would grow by a power of their depth: what
-- looks at its operand more than once (…_of) is given it as the parameter of a lambda, which is worked out once.
CREATE MACRO sandbox_bad_text(x, kind) AS error('sandbox raised CAST_INVALID_INPUT: The value ''' || x || ''' of the type "STRING" cannot be cast to "' || kind || '" because it is malformed. Correct the value as per the syntax, or change its target type. Use `try_cast` to tolerate malformed input and return NULL instead.');

CREATE MACRO sandbox_is_fraction(x) AS (typeof(x) IN ('DOUBLE', 'FLOAT') OR typeof(x) LIKE 'DECIMAL%');

CREATE MACRO sandbox_whole_of_text(x) AS TRY_CAST(CASE WHEN regexp_full_match(trim(x), '[+-]?[0-9]+') THEN trim(x) END AS BIGINT);

CREATE MACRO sandbox_whole_or_null_of(x) AS CASE WHEN typeof(x) = 'VARCHAR' THEN sandbox_whole_of_text(CAST(x AS VARCHAR))
    WHEN sandbox_is_fraction(x) THEN TRY_CAST(trunc(TRY_CAST(x AS DOUBLE)) AS BIGINT)
    WHEN typeof(x) LIKE 'TIMESTAMP%' THEN TRY_CAST(floor(epoch(TRY_CAST(x AS TIMESTAMP))) AS BIGINT)
    ELSE TRY_CAST(x AS BIGINT) END;

CREATE MACRO sandbox_whole_or_null(x) AS list_transform([x], lambda v: sandbox_whole_or_null_of(v))[1];

CREATE MACRO sandbox_whole_of(x, kind) AS CASE WHEN typeof(x) = 'VARCHAR' THEN CASE WHEN x IS NOT NULL AND sandbox_whole_of_text(CAST(x AS VARCHAR)) IS NULL THEN CAST(sandbox_bad_text(CAST(x AS VARCHAR), kind) AS BIGINT) ELSE sandbox_whole_of_text(CAST(x AS VARCHAR)) END
    WHEN sandbox_is_fraction(x) THEN CAST(trunc(TRY_CAST(x AS DOUBLE)) AS BIGINT)
    WHEN typeof(x) LIKE 'TIMESTAMP%' THEN CAST(floor(epoch(TRY_CAST(x AS TIMESTAMP))) AS BIGINT)
    ELSE CAST(x AS BIGINT) END;

CREATE MACRO sandbox_whole(x, kind) AS list_transform([x], lambda v: sandbox_whole_of(v, kind))[1];

CREATE MACRO sandbox_flag_of_text(x) AS CASE WHEN lower(trim(x)) IN ('t', 'true', 'y', 'yes', '1') THEN true WHEN lower(trim(x)) IN ('f', 'false', 'n', 'no', '0') THEN false END;

CREATE MACRO sandbox_flag_or_null_of(x) AS CASE WHEN typeof(x) = 'VARCHAR' THEN sandbox_flag_of_text(CAST(x AS VARCHAR)) ELSE TRY_CAST(x AS BOOLEAN) END;

CREATE MACRO sandbox_flag_or_null(x) AS list_transform([x], lambda v: sandbox_flag_or_null_of(v))[1];

CREATE MACRO sandbox_flag_of(x) AS CASE WHEN typeof(x) = 'VARCHAR' THEN CASE WHEN x IS NOT NULL AND sandbox_flag_of_text(CAST(x AS VARCHAR)) IS NULL THEN CAST(sandbox_bad_text(CAST(x AS VARCHAR), 'BOOLEAN') AS BOOLEAN) ELSE sandbox_flag_of_text(CAST(x AS VARCHAR)) END ELSE CAST(x AS BOOLEAN) END;

CREATE MACRO sandbox_flag(x) AS list_transform([x], lambda v: sandbox_flag_of(v))[1];

CREATE MACRO sandbox_text_of(x) AS CASE typeof(x) WHEN 'DOUBLE' THEN sandbox_double_text(TRY_CAST(x AS DOUBLE)) WHEN 'FLOAT' THEN sandbox_float_text(TRY_CAST(x AS FLOAT)) WHEN 'BLOB' THEN decode(TRY_CAST(x AS BLOB)) ELSE CAST(x AS VARCHAR) END;

CREATE MACRO sandbox_text(x) AS list_transform([x], lambda v: sandbox_text_of(v))[1];

CREATE MACRO sandbox_bytes_of(x) AS CASE typeof(x) WHEN 'BLOB' THEN TRY_CAST(x AS BLOB) ELSE encode(CAST(x AS VARCHAR)) END;

CREATE MACRO sandbox_bytes(x) AS list_transform([x], lambda v: sandbox_bytes_of(v))[1];

CREATE MACRO sandbox_time_of(x) AS CASE WHEN typeof(x) IN ('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT') OR sandbox_is_fraction(x) THEN make_timestamp(CAST(TRY_CAST(x AS DOUBLE) * CAST(1000000 AS DOUBLE) AS BIGINT)) ELSE CAST(x AS TIMESTAMP) END;

CREATE MACRO sandbox_time(x) AS list_transform([x], lambda v: sandbox_time_of(v))[1];
