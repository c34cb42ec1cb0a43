CREATE TABLE m (
  id INT NOT NULL PRIMARY KEY,
  ti TINYINT, tu TINYINT UNSIGNED, si SMALLINT, mi MEDIUMINT, ii INT, iu INT UNSIGNED, bi BIGINT, bu BIGINT UNSIGNED,
  d2 DECIMAL(10,2), d6 DECIMAL(20,6), d0 DECIMAL(5,0), fl FLOAT, db DOUBLE,
  vs VARCHAR(30), vg VARCHAR(30) COLLATE utf8mb4_general_ci, vb VARCHAR(30) COLLATE utf8mb4_bin, ch CHAR(8), tx TEXT, vn VARCHAR(20),
  vd VARCHAR(30), bb VARBINARY(16), bl BLOB, bt BIT(8), b1 BIT(1),
  da DATE, dm DATETIME, du DATETIME(6), ts TIMESTAMP NULL DEFAULT NULL, tm TIME, t3 TIME(3), yr YEAR,
  en ENUM('small','medium','large'), st SET('a','b','c','d'), js JSON
) DEFAULT CHARSET utf8mb4;
INSERT INTO m VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0, 0.00, 0.000000, 0, 0, 0, '', 'abc', 'abc', 'abc', 'long text with words', '12', '2024-02-29', X'', X'616263', b'0', b'0', '2024-02-29', '2024-02-29 13:14:15', '2024-02-29 13:14:15.123456', '2024-02-29 13:14:15', '10:11:12', '10:11:12.345', 2024, 'small', '', '{"a": 1, "b": [1, 2, {"c": "x"}], "s": "text"}');
INSERT INTO m VALUES (2, 1, 1, 32767, 8388607, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615, 99999999.99, 99999999999999.999999, 99999, 1.5, 1.5, 'abc', '', 'ABC', '', '', '-3.5', '2023-12-31 23:59:59', X'616263', X'', b'11111111', b'1', '2023-12-31', '1999-12-31 23:59:59', '1999-12-31 23:59:59.999999', NULL, '838:59:59', '00:00:00.999', 1999, 'medium', 'a', '[1, "two", null, true, 2.5]');
INSERT INTO m VALUES (3, -1, 255, -32768, -8388608, -2147483648, 2147483648, -9223372036854775808, 9223372036854775808, -99999999.99, -1.500000, -99999, -2.5, -2.5, 'ABC', 'Äbc', '', 'x', NULL, '12abc', '20240131', X'00FF', NULL, b'1', NULL, '1000-01-01', '1000-01-01 00:00:00', '2000-01-01 00:00:00.500000', '1970-01-02 00:00:01', '-838:59:59', '-01:00:00.500', 1901, 'large', 'a,c', '"str"');
INSERT INTO m VALUES (4, 127, 128, NULL, 1, NULL, 1, NULL, 1, NULL, 0.000001, 1, 0.5, 0.1, 'äbc', NULL, 'x', 'ABC', 'a', '', 'not a date', NULL, X'FF', NULL, b'1', '9999-12-31', '9999-12-31 23:59:59', NULL, '2038-01-19 03:14:07', '00:00:00', NULL, 2155, NULL, 'b', '{}');
INSERT INTO m VALUES (5, -128, NULL, 12, NULL, 1, NULL, 1, NULL, 0.05, NULL, NULL, NULL, NULL, NULL, 'x,y,z', NULL, '12', 'B', NULL, NULL, X'414243', X'3132', b'10000000', b'0', NULL, '2024-03-10 02:30:00', '2024-01-31 12:00:00', '2024-03-10 02:30:00', NULL, '25:00:00.001', NULL, 'small', NULL, NULL);
INSERT INTO m VALUES (6, NULL, 7, -3, -99, -17, 3, -1, 2, -0.05, 2.500000, 5, 1e10, 1e20, 'été', 'ABC', 'äbc', NULL, 'c,d', '1e2', '12:34:56', X'31', X'41', b'1010', b'1', '2024-01-31', NULL, '9999-12-31 23:59:59.000001', '2000-01-01 00:00:00', '-00:30:01', '00:00:00', 2000, 'large', 'a,b,c,d', '[]');
INSERT INTO m VALUES (7, 5, 200, 1, 1000, 1000000, 65536, 5000000000, 20240229123456, 1.50, 123.456789, -5, 0.1, 123456.789, '12abc', '-3.5', 'Abc', 'äöü', '1.50', ' 7 ', '2024-02-30', X'7F', X'62', b'11', b'0', '1970-01-01', '1970-01-01 00:00:01', '1999-01-01 00:00:00.500000', '2023-12-31 23:59:59', '24:00:00', '12:00:00.5', 1970, 'medium', 'd', '12');
INSERT INTO m VALUES (8, -7, 2, 300, 65536, 46341, 10, 9007199254740993, 9007199254740993, 2.50, -0.000001, 10, 3.14159, 0.000001, ' pad ', '日本語', '12', '1e3', 'été', 'abc', '99-1-2', X'61', X'00', b'1000001', b'1', '2000-01-01', '2000-01-01 12:00:00', '2023-12-31 23:59:59.500000', '2024-01-31 12:34:56', '12:34:56', '23:59:59.999', 2069, 'small', 'b,d', 'null');
INSERT INTO m VALUES (9, 100, 10, -1, -5, -1, 7, -42, 10, -7.25, 10.000000, 2, -0.25, -3.5, 'Zebra x', 'b', 'été', 'z', '100%', '007', '', X'C3A9', X'DEADBEEF', b'110', b'0', '2024-12-30', '2024-01-31 00:00:00', '2024-06-30 00:00:00.000001', '1999-12-31 00:00:00', '100:00:01', '-10:00:00', 2023, NULL, 'a', '{"a": {"b": "Abc"}, "n": -1.50, "t": true}');
INSERT INTO m VALUES (10, 3, 9, 7, 42, 99, 1000, 20240229, 4, 12.34, -3.141593, 17, 16777216, 2.5, 'naïve Straße', 'a_b%c', 'aa', 'q w', 'o''neil', '99999999999999999999', '2000-01-01 00:00:00.5', X'20', X'78', b'1111', b'1', '1999-03-15', '2023-06-30 07:08:09', '1970-01-01 00:00:00', '2024-07-15 07:08:09', '23:59:59', '07:08:09.100', 2001, 'large', 'c', '[[1, 2], [3, [4]]]');
----
# numbers, years and dates meet: constants beside a column are what the column would hold
SELECT id, DATE '2024-02-29' BETWEEN 20000101 AND '2024-02-29', LAST_DAY(da) BETWEEN 20000101 AND '2024-02-29', da BETWEEN 20000101 AND 20240229, dm BETWEEN 20000101 AND '2024-02-29' FROM m
SELECT id, da BETWEEN ti AND dm, ti BETWEEN da AND dm, da BETWEEN d2 AND bi, da = fl, da > d6, da = db FROM m
SELECT id, LAST_DAY(da) > 20000101000000, LAST_DAY(da) = 20240229000000, DATE(dm) > 20000101000000, dm > 20000101, da > 20000101000000, TIMESTAMP(dm) > 20240101, IFNULL(dm, dm) < 20240101 FROM m
SELECT id, LAST_DAY(da) IN (20240229000000, 20240131000000), CASE LAST_DAY(da) WHEN 20240229000000 THEN 1 END, NULLIF(LAST_DAY(da), 20240229000000), LAST_DAY(da) > 20000101.5, LAST_DAY(da) > 5 FROM m
SELECT id, yr >= 'a_b', yr > '2000-02-30', yr >= '2001x', yr = 0.0, yr > 1.5, yr >= 1999.5, yr > 2000.4, yr < '2e3', yr < '', yr > '12:34:56', yr > ' 7', yr > 0.5, yr > 69.7, yr > '0', yr > '0.0', yr > '0000', yr > '.5' FROM m
SELECT id, COALESCE(yr, yr) > 'a', COALESCE(yr, yr) > 12, COALESCE(yr, yr) = 2001.0 FROM m
# times beside dates are times of today
SELECT id, t3 < ts, tm > da, COALESCE(NULL, tm) = dm, DATEDIFF(tm, da) > 0, YEAR(tm) > 2000, COALESCE(dm, tm) > '2020-01-01' FROM m
# windows that extend a named one
SELECT id, SUM(ti) OVER (w), COUNT(*) OVER (w ROWS UNBOUNDED PRECEDING), COUNT(*) OVER w, RANK() OVER (w), CUME_DIST() OVER (w) FROM m WINDOW w AS (PARTITION BY b1 ORDER BY id)
SELECT id, SUM(ti) OVER (w ORDER BY id), LAST_VALUE(id) OVER (w2), LAG(id) OVER (w2) FROM m WINDOW w AS (PARTITION BY b1), w2 AS (w ORDER BY id)
# byte strings
SELECT REVERSE(bl), LPAD(bb, 4, 'x'), RPAD(bb, 5, 'xy'), REPEAT(bt, 2), REPLACE(bl, 'a', 'x'), TRIM(bb), INSERT(bb, 1, 2, 'zz'), LTRIM(bb), REVERSE(bt) FROM m
SELECT LPAD(X'7F', 4, 'x') + 0, REVERSE(CONVERT(vg, BINARY)), REPEAT(REVERSE(bb), 2), LOCATE('b', BINARY 'abc'), LOCATE('B', BINARY 'abc'), INSTR(bl, 'b'), LOCATE('b', bl, 2), POSITION(X'62' IN bl) FROM m
SELECT STRCMP(bb, 'ABC'), STRCMP(vb, bb), STRCMP(bb, bl), REPLACE(bb, '', 'x'), REPEAT(bb, -1), LPAD(bb, -1, 'x'), LPAD(bb, 0, 'x'), LPAD(bb, 3, '') FROM m
SELECT id, vs = X'414243', vs = BINARY 'ABC', vs = _binary 'ABC', vs = UNHEX('414243'), STRCMP(vs, X'414243'), STRCMP(vs, BINARY 'ABC') FROM m
SELECT id, LOCATE(X'42', vs), LOCATE(BINARY 'B', vs), vs IN (X'414243', 'q'), REPLACE(vs, X'41', 'x'), 'abc' = X'414243', CONCAT(vs, X'41') = 'ABCa', LEFT(vs, 3) = X'414243', vs < X'414243' FROM m
SELECT id, CONCAT(vs, 0x2C, vs), CONCAT_WS(X'2C', vs, id), vs = X'C3A9', en = X'736D616C6C', vs = X'', vs LIKE X'4125', (vs, id) = (X'414243', 2) FROM m
# GREATEST and LEAST of numbers with texts or times
SELECT GREATEST(0.05, tm), LEAST('abc', 1e2), LEAST(vs, db), GREATEST(bu, t3), LEAST(MD5(vd), db), GREATEST(fl, vs) FROM m
SELECT GREATEST(tx, st), LEAST(vd, st), LEAST(st, d2), GREATEST(en, 3), LEAST(vs, st, en), GREATEST(st, st) FROM m
refused: SELECT GREATEST(id, da) FROM m
# differences below zero, numbers out of range
SELECT id, bu - 1 FROM m
SELECT id, (tu - iu) / 2, (iu - tu) % 7, (bu - tu) DIV 2, CONCAT(iu - 1) FROM m WHERE iu > tu AND bu > tu
SELECT CAST(vd AS DECIMAL(10,3)) FROM m
SELECT CAST('2024-01-31 10:11:12' AS DECIMAL(3,0)), CAST('-12345' AS DECIMAL(3,1)), CAST('99.95' AS DECIMAL(3,1)), CAST('1e30' AS DECIMAL(10,2))
SELECT HEX(CHAR(bu)), HEX(CHAR(iu)), HEX(CHAR(bi)), HEX(CHAR(ii)) FROM m
flagged: SELECT COALESCE(q, db), IF(1 = 1, q, db) FROM (SELECT id, d2 / 3 AS q, db FROM m) t
SELECT COALESCE(q, db), IF(1 = 1, q, db) FROM (SELECT id, d2 / 4 AS q, db FROM m) t
WITH RECURSIVE r AS (SELECT 0 AS n, 'abc' AS s UNION ALL SELECT n + 1, CONCAT(s, 'b') FROM r WHERE n < 5) SELECT * FROM r
WITH RECURSIVE r AS (SELECT 0 AS n, 'abc' AS s UNION ALL SELECT n + 1, LEFT(CONCAT(s, n), 3) FROM r WHERE n < 5) SELECT * FROM r
# names of days as numbers, parts of computed dates, 32 bits of ELT, digits of averages in subqueries
SELECT DAYNAME(da) + 0, DAYNAME(da) * 1, CAST(DAYNAME(da) AS SIGNED), DAYNAME(da) = 'Monday', IF(DAYNAME(da), 1, 0), COALESCE(DAYNAME(da), 'x') + 0, DAYNAME(da) BETWEEN 1 AND 3, DAYNAME(da) & 7, DAYNAME(da) IN (2, 3), DAYNAME(da) > ti, MONTHNAME(da) + 0 FROM m
refused: SELECT AVG(DAYNAME(da)) FROM m
SELECT EXTRACT(DAY_HOUR FROM dm), EXTRACT(DAY_HOUR FROM da), EXTRACT(DAY_MINUTE FROM ts), EXTRACT(HOUR FROM da), EXTRACT(DAY_HOUR FROM DATE_ADD(dm, INTERVAL 1 DAY)) FROM m WHERE id <> 4
refused: SELECT EXTRACT(DAY_HOUR FROM DATE '1999-12-31')
SELECT ELT(-4294967295, 'a', 'b'), ELT(4294967297, 'a'), ELT(bu, 'a', 'b'), ELT(bi, 'a', 'b'), ELT(ti, 'a', 'b', 'c'), ELT(bi + 1, 'p', 'q') FROM m WHERE id <> 2
SELECT (SELECT SUM(ti) / 8 FROM m) * 1000000, (SELECT AVG(ti) FROM m WHERE id < 3), (SELECT AVG(ti) FROM m) > 12.12, (SELECT d FROM (SELECT AVG(ti) d FROM m) t) * 1000000
flagged: SELECT (SELECT AVG(ti) FROM m) * 1000000
SELECT 1 - -2147483648, -2147483648 - 1, -2147483648 * ti, ABS(-2147483648), -(-2147483648) FROM m
SELECT m.id, NULLIF(m.tm, TIME '10:11:12') AS x FROM m ORDER BY x, m.id LIMIT 5
SELECT id, CAST(NULLIF(m.da, DATE '1000-01-01') AS UNSIGNED), CAST(IFNULL(da, da) AS UNSIGNED), NULLIF(da, '2000-01-01') + 0 FROM m
SELECT MAKEDATE('a', (1 MOD m.bu)), MAKEDATE(2020, id MOD bu), FROM_DAYS(740000 + id % bu) FROM m WHERE bu > 0
SELECT CONCAT(COALESCE(m.d0, 1, m.d2) * 1), CONCAT(IF(id > 3, d0, d2) * 2), CONCAT(-IF(id > 3, d0, d2)) FROM m WHERE id <> 2
SELECT DATE_ADD(m.tx, INTERVAL 1 DAY) REGEXP 'a|b', DATE_ADD(m.vs, INTERVAL 1 DAY) LIKE '2%' FROM m
SELECT id, NULLIF(bt, b1) + 0, bt = b1, bt > b1, bt IN (b1, 3) FROM m
refused: SELECT bt FROM m UNION SELECT b1 FROM m
flagged: SELECT id, 1 BETWEEN bu AND 1 FROM m
# what early versions get wrong
flagged: SELECT l.id, r.id FROM m l LEFT JOIN m r ON r.id = l.ti WHERE (r.ti > 2) IS NOT TRUE
flagged: SELECT id, (ti <=> NULL) IS NOT NULL FROM m
flagged: SELECT id, SUBSTRING(m.en, 5, -2) AS x FROM m ORDER BY SUBSTRING(m.en, 5, -2), id LIMIT 3
# a binary collation wins among texts without columns
SELECT 'TEXT' = js->>'$.s', js->>'$.s' = 'TEXT', 'TEXT' IN (js->>'$.s', 'x'), 'ABC' = JSON_UNQUOTE('"abc"'), LEAST('B', JSON_UNQUOTE('"a"')), GREATEST('a', JSON_UNQUOTE(CAST('{"a": [1, 2]}' AS JSON))) FROM m
SELECT IF(1 = 1, m.bl, ABS(m.fl)), CONCAT(ABS(fl)) FROM m
refused: SELECT NULLIF(1, m.t3) FROM m
