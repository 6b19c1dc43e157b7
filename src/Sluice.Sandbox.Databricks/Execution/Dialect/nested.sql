-- Elements of arrays and maps: the pages bracketsign, element_at, try_element_at and map_contains_key below
-- https://docs.databricks.com/aws/en/sql/language-manual/functions/. A map answers NULL for a key it lacks.
CREATE MACRO sandbox_is_array(x) AS typeof(x) LIKE '%]';

CREATE MACRO sandbox_outside(condition, k, x) AS error('sandbox raised ' || condition || ': The index ' || CAST(k AS VARCHAR) || ' is out of bounds. The array has ' || CAST(len(x) AS VARCHAR) || ' elements.');

-- Brackets count from 0, the functions from 1.
CREATE MACRO sandbox_item(x, k) AS CASE WHEN sandbox_is_array(x) AND (TRY_CAST(k AS BIGINT) < 0 OR TRY_CAST(k AS BIGINT) >= len(x)) THEN sandbox_outside('INVALID_ARRAY_INDEX', k, x)
    ELSE (x)[CASE WHEN sandbox_is_array(x) THEN TRY_CAST(k AS BIGINT) + 1 ELSE k END] END;

CREATE MACRO sandbox_try_element_at(x, k) AS CASE WHEN sandbox_is_array(x) AND TRY_CAST(k AS BIGINT) = 0 THEN error('sandbox raised INVALID_INDEX_OF_ZERO: The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).') ELSE (x)[k] END;

CREATE MACRO sandbox_element_at(x, k) AS CASE WHEN sandbox_is_array(x) AND abs(TRY_CAST(k AS BIGINT)) > len(x) THEN sandbox_outside('INVALID_ARRAY_INDEX_IN_ELEMENT_AT', k, x) ELSE sandbox_try_element_at(x, k) END;

CREATE MACRO sandbox_map_contains_key(x, k) AS CASE WHEN x IS NULL OR k IS NULL THEN NULL ELSE map_contains(x, k) END;

CREATE MACRO sandbox_get_json_object(x, path) AS sandbox_json_at(CAST(x AS VARCHAR), CAST(path AS VARCHAR));

CREATE MACRO sandbox_to_json(x) AS sandbox_json_text(CAST(to_json(x) AS VARCHAR), typeof(x));
