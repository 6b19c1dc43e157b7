-- Functions whose results differ from the engine's of the same name, or that it lacks. Each follows its page below
-- https://docs.databricks.com/aws/en/sql/language-manual/functions/
CREATE MACRO sandbox_sha2_other(digits, bits) AS CASE WHEN bits = 224 THEN error('sandbox raised UNSUPPORTED_FEATURE: The sandbox knows no sha2 of 224 bits.') ELSE sandbox_digest(digits, CAST(bits AS INTEGER)) END;

-- One macro for texts and binaries: the engine chooses among several before it knows the type of a function's parameter.
CREATE MACRO sandbox_sha2_of(bytes, bits) AS CASE WHEN bits IN (0, 256) THEN sha256(bytes) ELSE sandbox_sha2_other(hex(bytes), bits) END;

CREATE MACRO sandbox_sha2(x, bits) AS list_transform([row(sandbox_bytes(x), bits)], lambda given: sandbox_sha2_of(struct_extract_at(given, 1), struct_extract_at(given, 2)))[1];

CREATE MACRO sandbox_left(x, n) AS CASE WHEN n <= 0 THEN left(CAST(x AS VARCHAR), 0) ELSE left(CAST(x AS VARCHAR), CAST(n AS BIGINT)) END;

CREATE MACRO sandbox_right(x, n) AS CASE WHEN n <= 0 THEN left(CAST(x AS VARCHAR), 0) ELSE right(CAST(x AS VARCHAR), CAST(n AS BIGINT)) END;

-- The position 0 is the first, as 1 is.
CREATE MACRO sandbox_substring(x BLOB, pos) AS unhex(substring(hex(x), CASE WHEN pos > 0 THEN 2 * pos - 1 ELSE 2 * pos END)),
  (x, pos) AS substring(CAST(x AS VARCHAR), CASE WHEN pos = 0 THEN 1 ELSE CAST(pos AS BIGINT) END),
  (x, pos, n) AS CASE WHEN n <= 0 THEN left(CAST(x AS VARCHAR), 0)
    WHEN pos < 0 AND -pos > length(CAST(x AS VARCHAR)) THEN left(CAST(x AS VARCHAR), greatest(CAST(n AS BIGINT) + length(CAST(x AS VARCHAR)) + CAST(pos AS BIGINT), 0))
    ELSE substring(CAST(x AS VARCHAR), CASE WHEN pos = 0 THEN 1 ELSE CAST(pos AS BIGINT) END, CAST(n AS BIGINT)) END;

CREATE MACRO sandbox_substring_index(x, mark, n) AS CASE WHEN n = 0 OR mark = '' THEN left(x, 0)
    WHEN n > 0 THEN array_to_string(list_slice(string_split(x, mark), 1, n), mark)
    ELSE array_to_string(list_slice(string_split(x, mark), greatest(len(string_split(x, mark)) + n + 1, 1), len(string_split(x, mark))), mark) END;

CREATE MACRO sandbox_pad_left(x, n, pad) AS CASE WHEN n <= 0 THEN left(CAST(x AS VARCHAR), 0) WHEN pad = '' THEN left(CAST(x AS VARCHAR), CAST(n AS BIGINT)) ELSE lpad(CAST(x AS VARCHAR), CAST(n AS INTEGER), pad) END;

CREATE MACRO sandbox_lpad(x, n) AS sandbox_pad_left(x, n, ' '), (x, n, pad) AS sandbox_pad_left(x, n, pad);

CREATE MACRO sandbox_pad_right(x, n, pad) AS CASE WHEN n <= 0 THEN left(CAST(x AS VARCHAR), 0) WHEN pad = '' THEN left(CAST(x AS VARCHAR), CAST(n AS BIGINT)) ELSE rpad(CAST(x AS VARCHAR), CAST(n AS INTEGER), pad) END;

CREATE MACRO sandbox_rpad(x, n) AS sandbox_pad_right(x, n, ' '), (x, n, pad) AS sandbox_pad_right(x, n, pad);

CREATE MACRO sandbox_length(x BLOB) AS octet_length(x), (x) AS length(CAST(x AS VARCHAR));

CREATE MACRO sandbox_locate(part, x) AS instr(x, part), (part, x, pos) AS CASE WHEN pos < 1 THEN 0 WHEN instr(substring(x, pos), part) = 0 THEN 0 ELSE instr(substring(x, pos), part) + pos - 1 END;

CREATE MACRO sandbox_initcap(x) AS array_to_string(list_transform(string_split(lower(x), ' '), lambda w: upper(left(w, 1)) || substring(w, 2)), ' ');

-- Group references are written $1 there and \1 here.
-- Patterns are Java's (https://docs.databricks.com/aws/en/sql/language-manual/functions/regexp_replace), whose flag u has i fold letters of any alphabet
-- (https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html#UNICODE_CASE): the engine's i always does, and knows no u.
CREATE MACRO sandbox_pattern(pattern) AS regexp_replace(pattern, '^\(\?([a-z]+)u([a-z]*)\)', '(?\1\2)');

CREATE MACRO sandbox_regexp_replace(x, pattern, mark) AS regexp_replace(CAST(x AS VARCHAR), sandbox_pattern(pattern), regexp_replace(mark, '\$(\d)', '\\\1', 'g'), 'g');

CREATE MACRO sandbox_regexp_extract(x, pattern) AS regexp_extract(x, pattern, 1), (x, pattern, part) AS regexp_extract(x, pattern, part);

CREATE MACRO sandbox_masked(x, upper_by, lower_by, digit_by, other_by) AS array_to_string(list_transform(string_split(x, ''), lambda c: CASE WHEN regexp_full_match(c, '[A-Z]') THEN coalesce(upper_by, c) WHEN regexp_full_match(c, '[a-z]') THEN coalesce(lower_by, c)
    WHEN regexp_full_match(c, '[0-9]') THEN coalesce(digit_by, c) ELSE coalesce(other_by, c) END), '');

CREATE MACRO sandbox_mask(x) AS sandbox_masked(x, 'X', 'x', 'n', NULL), (x, upper_by) AS sandbox_masked(x, upper_by, 'x', 'n', NULL), (x, upper_by, lower_by) AS sandbox_masked(x, upper_by, lower_by, 'n', NULL),
  (x, upper_by, lower_by, digit_by) AS sandbox_masked(x, upper_by, lower_by, digit_by, NULL), (x, upper_by, lower_by, digit_by, other_by) AS sandbox_masked(x, upper_by, lower_by, digit_by, other_by);

-- The unit of date_trunc is DAY for DD and so on; one that is none answers NULL.
CREATE MACRO sandbox_unit(unit) AS CASE upper(unit) WHEN 'YEAR' THEN 'year' WHEN 'YYYY' THEN 'year' WHEN 'YY' THEN 'year' WHEN 'QUARTER' THEN 'quarter' WHEN 'MONTH' THEN 'month' WHEN 'MM' THEN 'month' WHEN 'MON' THEN 'month'
    WHEN 'WEEK' THEN 'week' WHEN 'DAY' THEN 'day' WHEN 'DD' THEN 'day' WHEN 'HOUR' THEN 'hour' WHEN 'MINUTE' THEN 'minute' WHEN 'SECOND' THEN 'second' WHEN 'MILLISECOND' THEN 'millisecond' WHEN 'MICROSECOND' THEN 'microsecond' END;

CREATE MACRO sandbox_date_trunc(unit, x) AS CASE WHEN sandbox_unit(unit) IS NOT NULL THEN date_trunc(coalesce(sandbox_unit(unit), 'day'), CAST(x AS TIMESTAMP)) END;

CREATE MACRO sandbox_trunc(x, unit) AS CASE WHEN sandbox_unit(unit) IN ('year', 'quarter', 'month', 'week') THEN CAST(date_trunc(coalesce(sandbox_unit(unit), 'day'), CAST(x AS TIMESTAMP)) AS DATE) END;

CREATE MACRO sandbox_date_add(day, days) AS CAST(day AS DATE) + CAST(days AS INTEGER);

CREATE MACRO sandbox_date_sub(day, days) AS CAST(day AS DATE) - CAST(days AS INTEGER);

CREATE MACRO sandbox_datediff(last, first) AS CAST(date_diff('day', CAST(first AS DATE), CAST(last AS DATE)) AS INTEGER);

CREATE MACRO sandbox_add_months(day, months) AS CAST(CAST(day AS DATE) + to_months(CAST(months AS INTEGER)) AS DATE);

CREATE MACRO sandbox_to_date(x) AS CAST(x AS DATE);

CREATE MACRO sandbox_floor(x) AS CAST(system.main.floor(x) AS BIGINT);

CREATE MACRO sandbox_ceil(x) AS CAST(system.main.ceil(x) AS BIGINT);

CREATE MACRO sandbox_bround(x) AS round_even(x, 0), (x, n) AS round_even(x, n);

-- NULL where the value is not found and an element is NULL.
CREATE MACRO sandbox_array_contains(list, x) AS CASE WHEN list IS NULL OR x IS NULL THEN NULL WHEN list_contains(list, x) THEN true WHEN list_count(list) < len(list) THEN NULL ELSE false END;

CREATE MACRO sandbox_any(list) AS CASE WHEN list IS NULL THEN NULL WHEN list_contains(list, true) THEN true WHEN list_count(list) < len(list) THEN NULL ELSE false END;

CREATE MACRO sandbox_nvl2(x, then_by, else_by) AS CASE WHEN x IS NOT NULL THEN then_by ELSE else_by END;

CREATE MACRO sandbox_isnull(x) AS x IS NULL;

CREATE MACRO sandbox_isnotnull(x) AS x IS NOT NULL;

CREATE MACRO sandbox_encode(x, charset) AS encode(x);

CREATE MACRO sandbox_decode(x, charset) AS decode(x);

CREATE MACRO sandbox_base64(x) AS base64(sandbox_bytes(x));

CREATE MACRO sandbox_raise_error(text) AS CAST(error('sandbox raised: ' || text) AS VARCHAR);

CREATE MACRO sandbox_assert_true(holds) AS CASE WHEN holds THEN NULL ELSE sandbox_raise_error('The condition is not true!') END, (holds, text) AS CASE WHEN holds THEN NULL ELSE sandbox_raise_error(text) END;
