CREATE TABLE emp (id INT NOT NULL AUTO_INCREMENT, name VARCHAR(40) NOT NULL, dept_id INT, boss INT, salary DECIMAL(9,2), bonus DOUBLE, rate FLOAT, hired DATE, seen DATETIME, upd TIMESTAMP NULL, shift TIME, born YEAR, level TINYINT UNSIGNED, flags INT UNSIGNED NOT NULL DEFAULT 0, big BIGINT, ubig BIGINT UNSIGNED, sex ENUM('m','f','x'), tags SET('a','b','c'), note TEXT, code CHAR(6), raw VARBINARY(10), doc JSON, active BOOLEAN DEFAULT TRUE, PRIMARY KEY (id), KEY k_dept (dept_id));
CREATE TABLE dept (id INT NOT NULL PRIMARY KEY, name VARCHAR(30), budget DECIMAL(12,2), parent INT);
CREATE TABLE sale (id INT NOT NULL PRIMARY KEY, emp_id INT, amount DECIMAL(10,2), qty SMALLINT, at DATETIME(3), kind VARCHAR(10));
CREATE TABLE num (id INT PRIMARY KEY, t TINYINT, u INT UNSIGNED, i INT, b BIGINT, d DECIMAL(8,3), f DOUBLE, s VARCHAR(20));
INSERT INTO dept VALUES (1,'Sales',10000.50,NULL),(2,'sales',0,1),(3,'R&D',99999.99,1),(4,'Ops',NULL,3),(5,'Éclair',12.00,3);
INSERT INTO emp VALUES (1,'Ann',1,NULL,1000.00,1.5,0.1,'2020-02-29','2020-02-29 10:00:00','2020-02-29 10:00:00','08:30:00',1990,3,5,9223372036854775807,18446744073709551615,'f','a,c','first note','ab','abc','{"a": 1, "b": [1, 2, 3], "c": {"d": "x"}}',1);
INSERT INTO emp VALUES (2,'bob',1,1,2500.50,-2.25,3.25,'2021-12-31','2021-12-31 23:59:59',NULL,'-01:00:00',2001,200,0,-5,0,'m','','',' x','','[1, "two", null, true, 2.5]',0);
INSERT INTO emp VALUES (3,'Zoë',2,1,NULL,0,1e10,'2019-01-01',NULL,'2019-01-01 00:00:01','100:00:01',1970,0,255,0,42,'x','b','Line one\nline two','ABC','ABC','"text"',NULL);
INSERT INTO emp VALUES (4,'ann',3,2,999.99,1e20,-0.5,NULL,'2024-03-10 02:30:00','2024-03-10 02:30:00','00:00:00',NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO emp VALUES (5,'',NULL,2,0.00,NULL,NULL,'2000-01-01','2000-01-01 00:00:00','2000-01-01 12:00:00','23:59:59',2155,255,7,123456789012,9223372036854775808,'f','a,b,c','12abc','12','12','{}',1);
INSERT INTO emp VALUES (6,'Éric',4,3,-10.25,0.1,0.2,'1999-12-31','1999-12-31 12:34:56','1999-12-31 12:34:56','12:00:00',1901,10,4294967295,1,1,'m','c','100% sure_thing','éa','x','null',0);
INSERT INTO sale VALUES (1,1,10.00,1,'2024-01-01 00:00:00.000','web'),(2,1,20.50,2,'2024-01-15 12:00:00.500','WEB'),(3,2,NULL,3,'2024-02-29 23:59:59.999','shop'),(4,3,5.25,0,NULL,NULL),(5,9,7.77,-1,'2023-12-31 10:00:00.001','shop'),(6,NULL,100.00,10,'2024-02-01 00:00:00','web'),(7,2,33.33,3,'2024-01-31 08:00:00','Shop ');
INSERT INTO num VALUES (1,1,1,1,1,1.5,1.5,'1'),(2,-1,0,-1,-1,-1.5,-1.5,'-1'),(3,127,4294967295,2147483647,9223372036854775807,99999.999,1e308,'abc'),(4,-128,10,-2147483648,-9223372036854775808,-99999.999,-1e-5,'12abc'),(5,NULL,NULL,NULL,NULL,NULL,NULL,NULL),(6,0,0,0,0,0,0,''),(7,10,7,3,100,2.5,2.5,' 2.5 ');
----
SELECT id, name FROM emp WHERE name = 'ANN'
SELECT id FROM emp WHERE name LIKE 'a%'
SELECT id FROM emp WHERE name LIKE '%É%'
SELECT id FROM emp WHERE name = 'eric'
SELECT id FROM emp WHERE name = ''
flagged: SELECT DISTINCT name FROM dept ORDER BY id
SELECT COUNT(DISTINCT name) FROM dept
SELECT COUNT(DISTINCT name) FROM emp
SELECT dept_id, COUNT(*), SUM(salary), AVG(salary), MIN(hired), MAX(hired) FROM emp GROUP BY dept_id
SELECT dept_id, COUNT(*) c FROM emp GROUP BY dept_id HAVING c > 1
SELECT dept_id, COUNT(*) c FROM emp GROUP BY dept_id HAVING COUNT(*) >= 1 ORDER BY c DESC, dept_id
SELECT d.name, COUNT(e.id) FROM dept d LEFT JOIN emp e ON e.dept_id = d.id GROUP BY d.id
SELECT d.name, COUNT(e.id) AS n FROM dept d LEFT JOIN emp e ON e.dept_id = d.id GROUP BY d.id, d.name ORDER BY n DESC, d.id
SELECT dept_id, SUM(salary) FROM emp GROUP BY dept_id WITH ROLLUP
SELECT dept_id, sex, COUNT(*), GROUPING(dept_id), GROUPING(sex) FROM emp GROUP BY dept_id, sex WITH ROLLUP
SELECT IF(GROUPING(dept_id), 'all', dept_id) AS d, SUM(salary) FROM emp GROUP BY dept_id WITH ROLLUP
SELECT IFNULL(dept_id, 'none') AS d FROM emp ORDER BY id
SELECT id, salary * 1.1 FROM emp
SELECT id, salary / 3 FROM emp
SELECT id, bonus / 3 FROM emp WHERE id < 4
SELECT id, rate FROM emp ORDER BY id
SELECT id, rate + 0 FROM emp ORDER BY id
SELECT id, rate * 2 FROM emp ORDER BY id
SELECT id, rate = 0.1 FROM emp ORDER BY id
SELECT id, ROUND(rate, 2) FROM emp ORDER BY id
SELECT id, CONCAT(rate) FROM emp ORDER BY id
SELECT id, CONCAT(bonus) FROM emp ORDER BY id
SELECT id, bonus FROM emp ORDER BY id
SELECT SUM(bonus), AVG(bonus), MAX(bonus), MIN(bonus) FROM emp WHERE id <> 4
SELECT SUM(rate), AVG(rate), MAX(rate), MIN(rate) FROM emp WHERE id <> 3
SELECT STD(salary), STDDEV_POP(salary), STDDEV_SAMP(salary), VAR_POP(salary), VAR_SAMP(salary) FROM emp
SELECT BIT_AND(flags), BIT_OR(flags), BIT_XOR(flags) FROM emp
SELECT GROUP_CONCAT(name ORDER BY id) FROM emp
SELECT GROUP_CONCAT(name ORDER BY name DESC, id SEPARATOR ';') FROM emp WHERE name <> ''
SELECT GROUP_CONCAT(DISTINCT dept_id ORDER BY dept_id DESC) FROM emp
SELECT GROUP_CONCAT(DISTINCT kind ORDER BY kind SEPARATOR '|') FROM sale WHERE kind <> 'shop'
SELECT GROUP_CONCAT(id, ':', salary ORDER BY id SEPARATOR ' ') FROM emp
SELECT dept_id, GROUP_CONCAT(salary ORDER BY salary) FROM emp GROUP BY dept_id
flagged: SELECT JSON_ARRAYAGG(id) FROM (SELECT id FROM emp ORDER BY id) t
SELECT JSON_OBJECTAGG(id, name) FROM emp
SELECT dept_id, JSON_ARRAYAGG(salary) FROM emp WHERE id < 3 GROUP BY dept_id
SELECT JSON_OBJECT('id', id, 'salary', salary, 'when', hired, 'ok', active) FROM emp
flagged: SELECT JSON_ARRAY(id, name, bonus, seen, NULL, TRUE, 1.50) FROM emp WHERE id < 4
SELECT doc->'$.a', doc->>'$.c.d', doc->'$[1]', doc->>'$[1]' FROM emp
SELECT id FROM emp WHERE doc->'$.a' = 1
SELECT id FROM emp WHERE doc->>'$.a' = '1'
SELECT id FROM emp WHERE doc->>'$.a' = 1
SELECT id FROM emp WHERE JSON_EXTRACT(doc, '$.c.d') = 'x'
SELECT id FROM emp WHERE doc->'$.b[1]' > 1
SELECT id, JSON_TYPE(doc), JSON_LENGTH(doc), JSON_DEPTH(doc), JSON_VALID(note) FROM emp
SELECT id, JSON_KEYS(doc), JSON_CONTAINS(doc, '1'), JSON_CONTAINS_PATH(doc, 'one', '$.a', '$.z') FROM emp
SELECT id, JSON_SET(doc, '$.z', id), JSON_REMOVE(doc, '$.a'), JSON_REPLACE(doc, '$.a', 'q'), JSON_INSERT(doc, '$.a', 5, '$.n', 6) FROM emp WHERE id IN (1, 5)
SELECT id, JSON_ARRAY_APPEND(doc, '$', 9) FROM emp WHERE id < 4
SELECT id, JSON_SEARCH(doc, 'one', 'two'), JSON_SEARCH(doc, 'all', 'x') FROM emp
SELECT JSON_MERGE_PRESERVE('[1]', '{"a": 2}'), JSON_MERGE_PATCH('{"a": 1, "b": 2}', '{"b": null, "c": 3}')
SELECT JSON_UNQUOTE('"a\\nb"'), JSON_QUOTE('a"b'), JSON_PRETTY('{"a":1}')
SELECT j.* FROM emp, JSON_TABLE(doc, '$.b[*]' COLUMNS (n FOR ORDINALITY, v INT PATH '$')) j
SELECT e.id, j.v FROM emp e JOIN JSON_TABLE('[1,2,3]', '$[*]' COLUMNS (v INT PATH '$')) j ON j.v = e.id
SELECT JSON_EXTRACT('{"a": 1.0, "b": 1e2, "c": true}', '$.a', '$.b', '$.c')
SELECT CAST('{"b": 1, "aa": 2, "a": 3}' AS JSON)
SELECT CAST(1 AS JSON) = 1, CAST('"a"' AS JSON) = 'a', CAST('[1]' AS JSON) = JSON_ARRAY(1)
refused: SELECT JSON_STORAGE_SIZE('1') > 0
SELECT 5 / 2, 5 DIV 2, 5 % 2, -5 / 2, -5 DIV 2, -5 % 2, 5 MOD -2
SELECT 1 / 0, 1 DIV 0, 1 % 0, MOD(1, 0), 0 / 0
SELECT 7.5 DIV 2, 7.5 % 2, -7.5 % 2, 7 DIV 0.5
SELECT 1 / 3, 2 / 3, 10 / 3 * 3, 1 / 3 + 1 / 3 + 1 / 3
SELECT 1.0 / 3, 1.00 / 3.000, 1e0 / 3
SELECT 0.1 + 0.2, 0.1e0 + 0.2e0, 0.1 + 0.2 = 0.3, 0.1e0 + 0.2e0 = 0.3e0
SELECT 9223372036854775807 + 1
SELECT 9223372036854775807 + 1.0
SELECT 18446744073709551615 + 0, 18446744073709551615 - 1
flagged: SELECT 18446744073709551615 + 1
SELECT CAST(1 AS UNSIGNED) - 2
SELECT id, u - 1 FROM num WHERE id IN (1, 3, 4)
SELECT id, u - 1 FROM num
SELECT id, CAST(u AS SIGNED) - 5 FROM num
SELECT id, i + 1 FROM num
SELECT id, b + 1 FROM num
SELECT id, b + 1 FROM num WHERE id <> 3
SELECT id, -b FROM num WHERE id <> 4
SELECT id, -b FROM num
SELECT id, ABS(b) FROM num WHERE id <> 4
SELECT id, ABS(b) FROM num
SELECT id, t * t * t FROM num
SELECT id, i * i FROM num
SELECT id, b * 2 FROM num WHERE id IN (1,2,5,6,7)
SELECT id, d * d, d / d, d + 1, d - 0.0005 FROM num
SELECT id, f * 10 FROM num WHERE id <> 3
SELECT id, f * 10 FROM num
SELECT id, f FROM num
SELECT id, CAST(f AS SIGNED), CAST(f AS DECIMAL(10,2)), CAST(d AS SIGNED), CAST(d AS CHAR) FROM num WHERE id <> 3
flagged: SELECT id, CAST(f AS SIGNED) FROM num
SELECT id, s + 0, s * 1, s + 1.5, -s FROM num
SELECT id, s = 1, s = '1', s = 1.0, s < 5, s > 'a' FROM num
SELECT id FROM num WHERE s
SELECT id FROM num WHERE s = 0
SELECT id FROM num WHERE s IN (1, 12)
SELECT id FROM num WHERE s IN (1, '12abc')
SELECT id FROM num WHERE s BETWEEN 0 AND 12
SELECT id FROM num WHERE s BETWEEN '0' AND '2'
SELECT id FROM num WHERE i IN ('1', 'x')
SELECT id FROM num WHERE i = '3abc'
SELECT id FROM num WHERE t = u
SELECT id FROM num WHERE i < u
SELECT id FROM num WHERE b = f
SELECT id, CAST(s AS SIGNED), CAST(s AS UNSIGNED), CAST(s AS DECIMAL(6,2)), CAST(s AS BINARY) FROM num
SELECT CAST('-1' AS UNSIGNED), CAST(-1 AS UNSIGNED), CAST(1.5 AS SIGNED), CAST(-1.5 AS SIGNED), CAST(2.5 AS SIGNED), CAST('2.5' AS SIGNED)
SELECT CAST('99999999999999999999' AS SIGNED), CAST('99999999999999999999' AS UNSIGNED), CAST('-99999999999999999999' AS SIGNED)
SELECT CAST(12345.678 AS DECIMAL(5,2)), CAST('abc' AS DECIMAL), CAST('' AS SIGNED), CAST(NULL AS SIGNED), CAST(' 12 ' AS SIGNED)
flagged: SELECT CAST(123.456 AS CHAR(4)), CAST(1e10 AS CHAR), CAST(0.1e0 AS CHAR), CAST(1e100 AS CHAR), CAST(-0.0e0 AS CHAR), CAST(1e15 AS CHAR), CAST(1e14 AS CHAR)
SELECT 1e15, 1e14, 123456789012345678e0, 0.00001e0, 0.0001e0, 1e-15, 1.5e300
SELECT CONCAT(1e15), CONCAT(1e14), CONCAT(123456789012345678e0), CONCAT(0.00001e0), CONCAT(1e-15), CONCAT(1.5e300), CONCAT(1/3e0)
SELECT CONCAT(1.0), CONCAT(1.50), CONCAT(-0.0), CONCAT(00012), CONCAT(1 = 1), CONCAT(TRUE, FALSE, NULL IS NULL)
SELECT CONCAT_WS(',', 'a', NULL, '', 'b'), CONCAT('a', 1, 1.5, DATE '2020-01-01')
SELECT ABS(-5), ABS('-5.5x'), ABS(NULL), SIGN(-3.2), SIGN('abc'), SIGN(0)
SELECT ROUND(2.5), ROUND(-2.5), ROUND(2.5e0), ROUND(3.5e0), ROUND(-1.5e0), ROUND('2.5'), ROUND(1234.567, -2), ROUND(1234.567, 2), ROUND(150, -2), ROUND(149, -2), ROUND(-150, -2)
SELECT ROUND(1.005, 2), ROUND(1.005e0, 2), ROUND(0.5e0), ROUND(1.5e0), ROUND(1e20), ROUND(NULL), ROUND(1.5, NULL), ROUND(12345, -10), ROUND(1.123456789, 30)
SELECT TRUNCATE(1.999, 1), TRUNCATE(-1.999, 1), TRUNCATE(122, -2), TRUNCATE(1.5e0, 0), TRUNCATE(-1.5, 0), TRUNCATE(10.28 * 100, 0), TRUNCATE(1.223, 5)
SELECT FLOOR(1.5), FLOOR(-1.5), CEIL(1.5), CEILING(-1.5), FLOOR('1.5'), CEIL(1e20), FLOOR(5), FLOOR(NULL), FLOOR(-0.5)
SELECT FORMAT(1234567.891, 2), FORMAT(1234.5, 0), FORMAT(-1234.567, 1), FORMAT(0.5, 0), FORMAT(1.5, 0), FORMAT('12abc', 2), FORMAT(NULL, 2), FORMAT(12332.2, 2, 'de_DE'), FORMAT(1234567.891, 10), FORMAT(1e20, 2)
SELECT POW(2, 10), POWER(2, -1), POW(0, 0), POW(-8, 1/3), SQRT(16), SQRT(-1), SQRT(2), EXP(0), EXP(1), LN(0), LN(-1), LOG(2, 8), LOG(10), LOG10(100), LOG2(8), LOG(1, 5), LOG(0)
SELECT POW(10, 400)
SELECT EXP(1000)
SELECT PI(), DEGREES(PI()), RADIANS(180), SIN(0), COS(0), TAN(0), COT(1), ASIN(2), ACOS(1), ATAN(1), ATAN2(1, 1), ATAN(1, 2)
SELECT COT(0)
SELECT GREATEST(1, 2.5, 3), LEAST('a', 'B', 'c'), GREATEST(1, NULL), LEAST('10', 9), GREATEST('10', '9'), GREATEST('a', 1), LEAST(DATE '2020-01-01', '2019-12-31')
SELECT MOD(10, 3), MOD(-10, 3), MOD(10, -3), MOD(10.5, 3), MOD(5, 0.3), MOD('10', 3), MOD(NULL, 1), 10 MOD 4
SELECT BIT_COUNT(29), BIT_COUNT(-1), BIT_COUNT('7'), ~0, ~1, ~-1, 5 & 3, 5 | 3, 5 ^ 3, 1 << 3, 1 << 63, 1 << 64, -1 >> 1, 8 >> 1, 5 & -1, '5' & 3, 1.5 | 0, 2.5 & 7
SELECT ~5 & 255, -1 & 255, -1 | 0, 2 << 62, 3 << 62, 1 << -1, NULL & 1, 5.5 ^ 1, '12abc' | 0
SELECT X'41', x'4142' + 0, 0x41 + 0, 0x41, b'1000001', b'101' + 0, CONCAT(0x41, 'b'), HEX(0x41), 0x41 = 'A', 0x41 = 65, X'41' = 'a'
SELECT HEX(255), HEX('abc'), HEX(-1), HEX(1.5), HEX(NULL), UNHEX('616263'), UNHEX('6'), UNHEX('zz'), HEX(DATE '2020-01-01'), HEX('é'), BIN(10), OCT(10), BIN(-1), BIN('abc'), OCT(-1), CONV('ff', 16, 10), CONV(10, 10, 2), CONV(-1, 10, 16), CONV('zz', 36, 10), CONV(6, 7, 10), CONV('7', 7, 10), CONV(10, 1, 2), CONV(NULL, 10, 2), CONV(-17, 10, -16)
SELECT LENGTH('é'), CHAR_LENGTH('é'), CHARACTER_LENGTH(''), BIT_LENGTH('a'), OCTET_LENGTH('日本'), LENGTH(12345), LENGTH(1.50), LENGTH(NULL), LENGTH(DATE '2020-01-01'), CHAR_LENGTH(' a ')
SELECT UPPER('éa'), LOWER('ÉA'), UCASE('ß'), LCASE('İ'), UPPER(NULL), UPPER(12), LOWER(X'41'), UPPER('ǆ')
SELECT SUBSTRING('abcdef', 2), SUBSTRING('abcdef', -3), SUBSTRING('abcdef', 0), SUBSTRING('abcdef', 2, 3), SUBSTRING('abcdef' FROM 2 FOR 2), SUBSTR('abcdef', -3, 2), SUBSTRING('abc', 5), SUBSTRING('abc', 2, 0), SUBSTRING('abc', 2, -1), SUBSTRING(12345, 2, 2), SUBSTRING('abc', NULL), MID('abcdef', 3, 2), SUBSTRING('abc', 1.5), SUBSTRING('abc', '2')
SELECT LEFT('abc', 2), LEFT('abc', 0), LEFT('abc', -1), RIGHT('abc', 2), RIGHT('abc', 10), RIGHT('abc', 0), LEFT(123, 2), LEFT(NULL, 1), RIGHT('日本語', 2)
SELECT LPAD('a', 5, 'xy'), RPAD('a', 5, 'xy'), LPAD('abc', 2, 'x'), LPAD('a', 3, ''), RPAD('a', -1, 'x'), LPAD(5, 3, 0), LPAD('a', 3, NULL), LPAD('日', 3, '本')
SELECT TRIM('  a '), TRIM(LEADING 'x' FROM 'xxaxx'), TRIM(TRAILING 'x' FROM 'xxaxx'), TRIM(BOTH 'x' FROM 'xxaxx'), TRIM('x' FROM 'xxaxx'), LTRIM(' a '), RTRIM(' a '), TRIM(BOTH 'ab' FROM 'ababcab'), TRIM(NULL), TRIM('\t a'), TRIM(12)
SELECT REPLACE('abcabc', 'b', 'X'), REPLACE('aBc', 'b', 'x'), REPLACE('abc', '', 'x'), REPLACE(NULL, 'a', 'b'), REPLACE('aaa', 'aa', 'b'), REPLACE(1212, 1, 9)
SELECT REPEAT('ab', 3), REPEAT('ab', 0), REPEAT('ab', -1), REPEAT(NULL, 2), SPACE(3), REVERSE('abc'), REVERSE('日本'), REVERSE(123), REPEAT('a', 1.5)
SELECT INSTR('foobar', 'BAR'), INSTR('foo', 'x'), INSTR('foo', ''), LOCATE('o', 'foobar'), LOCATE('o', 'foobar', 3), LOCATE('o', 'foobar', 0), POSITION('b' IN 'foobar'), LOCATE('', 'abc', 3), LOCATE('É', 'café'), LOCATE(1, 21)
SELECT STRCMP('a', 'b'), STRCMP('a', 'A'), STRCMP('b', 'a'), STRCMP(NULL, 'a'), STRCMP('a', 'a '), STRCMP(10, 9)
SELECT FIELD('b', 'a', 'b'), FIELD('B', 'a', 'b'), FIELD(NULL, NULL), FIELD(2, 1, 2, 3), FIELD('x', 'a'), FIELD('2', 1, 2), ELT(2, 'a', 'b'), ELT(0, 'a'), ELT(3, 'a'), ELT(NULL, 'a'), ELT(1.5, 'a', 'b'), FIND_IN_SET('b', 'a,b,c'), FIND_IN_SET('', 'a,,b'), FIND_IN_SET('B', 'a,b'), FIND_IN_SET('a,b', 'a,b'), FIND_IN_SET(NULL, 'a'), FIND_IN_SET('', '')
SELECT MAKE_SET(5, 'a', 'b', 'c'), MAKE_SET(0, 'a'), MAKE_SET(1 | 4, 'hello', 'nice', 'world'), EXPORT_SET(5, 'Y', 'N', ',', 4), EXPORT_SET(6, '1', '0', ',', 10), MAKE_SET(NULL, 'a'), EXPORT_SET(-1, 'a', 'b', '', 64)
SELECT INSERT('Quadratic', 3, 4, 'What'), INSERT('abc', 0, 1, 'x'), INSERT('abc', 2, 100, 'x'), INSERT('abc', 4, 1, 'x'), INSERT('abc', 2, -1, 'x'), INSERT('abc', 1, 0, 'x'), INSERT('abc', NULL, 0, 'x')
SELECT ASCII('a'), ASCII(''), ASCII('é'), ORD('é'), ORD('a'), CHAR(77, 121), CHAR(77.3), CHAR(65 USING utf8mb4), CHAR(NULL, 65), ASCII(5), ORD('日')
SELECT SOUNDEX('Robert'), SOUNDEX('Rupert'), SOUNDEX(''), SOUNDEX('1a'), 'Robert' SOUNDS LIKE 'Rupert', SOUNDEX('Hello World'), SOUNDEX('Tymczak')
SELECT QUOTE('Don''t'), QUOTE(NULL), QUOTE('a\\b'), QUOTE(5), QUOTE('')
SELECT SUBSTRING_INDEX('www.mysql.com', '.', 2), SUBSTRING_INDEX('www.mysql.com', '.', -2), SUBSTRING_INDEX('abc', '.', 1), SUBSTRING_INDEX('a.b', '.', 0), SUBSTRING_INDEX('aXbxc', 'x', 1), SUBSTRING_INDEX('a.b', '', 1), SUBSTRING_INDEX('a..b', '.', 1), SUBSTRING_INDEX('a..b', '..', -1)
SELECT 'a' = 'A', 'a' = 'a ', 'a' = 'á', 'ß' = 'ss', 'a' < 'B', 'Z' < 'a', '' = ' ', 'a' = BINARY 'A', 'a' COLLATE utf8mb4_bin = 'A', 'æ' = 'ae', 'ñ' = 'n', '10' < '9', '10' < 9, 'abc' = 0, '1abc' = 1, NULL = NULL, NULL <=> NULL, 1 <=> NULL, 'a' <=> 'A'
SELECT 'abc' LIKE 'ABC', 'abc' LIKE 'a_c', 'abc' LIKE 'a%', 'a%c' LIKE 'a\%c', 'abc' LIKE 'a\%c', 'a_c' LIKE 'a|_c' ESCAPE '|', 'abc' LIKE '', '' LIKE '%', NULL LIKE 'a', 'abc' LIKE NULL, 'é' LIKE 'e', 'abc' LIKE BINARY 'ABC', 10 LIKE '1%', 'a\\b' LIKE 'a\\\\b', 'abc' NOT LIKE 'b%', 'a ' LIKE 'a', 'ab' LIKE 'a__', 'ss' LIKE 'ß'
SELECT 'abc' REGEXP 'a('
SELECT REGEXP_REPLACE('a b c', 'b', 'X'), REGEXP_REPLACE('abc abc', '[a-c]+', 'X', 1, 2), REGEXP_SUBSTR('abc def', '[a-z]+', 1, 2), REGEXP_INSTR('dog cat dog', 'dog', 2), REGEXP_LIKE('Michael', 'MICH'), REGEXP_LIKE('abc', 'ABC', 'c'), REGEXP_REPLACE('abc', '(a)(b)', '$2$1'), REGEXP_INSTR('dog cat', 'cat', 1, 1, 1)
SELECT IF(1, 'a', 2), IF(NULL, 1, 2), IF('abc', 1, 2), IF('1', 1, 2), IF(0.5, 1, 2), IFNULL(NULL, 1), IFNULL(1, 'a'), NULLIF(1, 1), NULLIF(1, 2), NULLIF('a', 'A'), COALESCE(NULL, NULL, 3), COALESCE(NULL), COALESCE(NULL, 'a', 1), ISNULL(NULL), ISNULL(0), NULLIF(1, '1'), NULLIF(NULL, 1), IF(1 > 2, 1, 'x')
SELECT CASE 1 WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'more' END, CASE WHEN 1 > 0 THEN 'true' ELSE 'false' END, CASE BINARY 'B' WHEN 'a' THEN 1 WHEN 'b' THEN 2 END, CASE 'a' WHEN 'A' THEN 1 END, CASE NULL WHEN NULL THEN 1 ELSE 2 END, CASE WHEN NULL THEN 1 END, CASE 1 WHEN '1' THEN 'x' END, CASE WHEN 1 THEN 1 ELSE 1.5 END, CASE WHEN 1 THEN 1 ELSE 'a' END
SELECT 1 AND 0, 1 AND NULL, 0 AND NULL, 1 OR NULL, 0 OR NULL, NOT NULL, NOT 1, !0, 1 XOR 1, 1 XOR NULL, 'a' OR 0, '1' AND 1, 2 AND 3, NOT 'abc', 0.5 AND 1, 1 && 1, 1 || 0, NOT 0.0, -1 AND 1
SELECT 1 IS TRUE, NULL IS TRUE, NULL IS UNKNOWN, 0 IS FALSE, 'a' IS FALSE, 5 IS TRUE, NULL IS NOT TRUE, 1 IS NOT NULL, 1.5 IS TRUE
SELECT 1 BETWEEN 0 AND 2, 'b' BETWEEN 'a' AND 'c', 5 NOT BETWEEN 1 AND 3, NULL BETWEEN 1 AND 2, 1 BETWEEN NULL AND 0, '5' BETWEEN 1 AND 10, 'B' BETWEEN 'a' AND 'c', 1 BETWEEN 2 AND 0, DATE '2020-01-15' BETWEEN '2020-01-01' AND '2020-01-31', 2 BETWEEN '1' AND 'x'
SELECT 1 IN (1, 2), 1 IN (2, NULL), NULL IN (1), 'a' IN ('A', 'b'), 1 NOT IN (2, NULL), '1' IN (1, 2), 'x' IN (0), 1 IN ('1', 'a'), (1, 2) IN ((1, 2), (3, 4)), ROW(1, NULL) IN ((1, 2)), 1.0 IN (1), 'a' IN ('b', 0)
SELECT (1, 2) = (1, 2), (1, 2) < (1, 3), (1, NULL) = (1, NULL), (1, NULL) <=> (1, NULL), (2, 1) > (1, 9), (1, 'a') = (1, 'A'), (1, NULL) < (2, 1), ROW(1, 2) <> ROW(1, 3)
SELECT INTERVAL(23, 1, 15, 17, 30, 44, 200), INTERVAL(10, 1, 10, 100), INTERVAL(22, 23, 30), INTERVAL(NULL, 1), INTERVAL(5.5, 1, 5, 6)
SELECT id FROM emp WHERE salary > (SELECT AVG(salary) FROM emp)
SELECT id FROM emp e WHERE salary > (SELECT AVG(salary) FROM emp x WHERE x.dept_id = e.dept_id)
SELECT id FROM emp WHERE dept_id IN (SELECT id FROM dept WHERE budget > 100)
SELECT id FROM emp WHERE dept_id NOT IN (SELECT parent FROM dept)
SELECT id FROM dept d WHERE EXISTS (SELECT 1 FROM emp WHERE dept_id = d.id)
SELECT id FROM dept d WHERE NOT EXISTS (SELECT * FROM emp e WHERE e.dept_id = d.id)
SELECT id FROM emp WHERE salary >= ALL (SELECT salary FROM emp WHERE salary IS NOT NULL)
SELECT id FROM emp WHERE salary > ANY (SELECT salary FROM emp)
SELECT id FROM emp WHERE salary = SOME (SELECT amount FROM sale)
SELECT id FROM emp WHERE (dept_id, boss) IN (SELECT id, parent FROM dept)
SELECT id, (SELECT name FROM dept d WHERE d.id = e.dept_id) AS dn FROM emp e
SELECT id, (SELECT COUNT(*) FROM sale s WHERE s.emp_id = e.id) AS n FROM emp e ORDER BY n DESC, id
SELECT (SELECT id FROM emp)
SELECT id FROM emp WHERE id = (SELECT 1 UNION SELECT 2)
SELECT e.id, d.name FROM emp e JOIN dept d ON e.dept_id = d.id
SELECT e.id, d.name FROM emp e LEFT JOIN dept d ON e.dept_id = d.id AND d.budget > 0
SELECT e.id, d.id FROM emp e RIGHT JOIN dept d ON e.dept_id = d.id
SELECT e.id, d.id FROM emp e CROSS JOIN dept d WHERE e.id < 3 AND d.id < 3
SELECT e.id, d.id FROM emp e, dept d WHERE e.dept_id = d.id
SELECT * FROM dept NATURAL JOIN (SELECT 1 AS id, 'q' AS z) t
SELECT id, x.z FROM dept JOIN (SELECT 1 AS id, 'q' AS z UNION SELECT 2, 'r') x USING (id)
SELECT * FROM dept d JOIN (SELECT 1 AS id, 'q' AS z UNION SELECT 9, 'r') x USING (id)
SELECT * FROM dept d LEFT JOIN (SELECT 1 AS id, 'q' AS z UNION SELECT 9, 'r') x USING (id)
SELECT * FROM dept d RIGHT JOIN (SELECT 1 AS id, 'q' AS z UNION SELECT 9, 'r') x USING (id)
SELECT e.id, b.name FROM emp e STRAIGHT_JOIN emp b ON e.boss = b.id
SELECT STRAIGHT_JOIN e.id FROM emp e JOIN dept d ON d.id = e.dept_id
SELECT e.id, s.amount FROM emp e INNER JOIN sale s ON s.emp_id = e.id AND s.qty > 1
SELECT e.name, SUM(s.amount * s.qty) AS t FROM emp e JOIN sale s ON s.emp_id = e.id GROUP BY e.id, e.name HAVING t > 10 ORDER BY t
SELECT kind, COUNT(*) FROM sale GROUP BY kind
SELECT UPPER(kind) AS k, SUM(qty) FROM sale GROUP BY k ORDER BY k
SELECT YEAR(at) y, MONTH(at) m, SUM(amount) FROM sale GROUP BY y, m ORDER BY y, m
SELECT DATE_FORMAT(at, '%Y-%m') ym, COUNT(*) FROM sale GROUP BY ym ORDER BY 1
SELECT id FROM emp ORDER BY salary
SELECT id FROM emp ORDER BY salary DESC
SELECT id, salary FROM emp ORDER BY salary IS NULL, salary
SELECT id FROM emp ORDER BY name, id
SELECT id FROM emp ORDER BY name DESC, id DESC
SELECT id FROM emp ORDER BY sex, id
SELECT id FROM emp ORDER BY tags, id
SELECT id FROM emp ORDER BY hired DESC LIMIT 3
SELECT id FROM emp ORDER BY id LIMIT 2, 2
SELECT id FROM emp ORDER BY id LIMIT 2 OFFSET 3
SELECT id FROM emp ORDER BY id LIMIT 0
SELECT id FROM emp ORDER BY id LIMIT 18446744073709551615 OFFSET 4
SELECT id FROM emp ORDER BY FIELD(dept_id, 3, 1, 2), id
SELECT id FROM emp ORDER BY 1 DESC
SELECT id, -salary AS neg FROM emp ORDER BY neg, id
SELECT id, salary AS id2 FROM emp ORDER BY id2 + 0 DESC, id
SELECT DISTINCT dept_id FROM emp ORDER BY dept_id
SELECT DISTINCT sex, dept_id FROM emp ORDER BY 2, 1
SELECT DISTINCT dept_id FROM emp ORDER BY dept_id DESC LIMIT 2
SELECT id FROM emp UNION SELECT id FROM dept ORDER BY id
SELECT id FROM emp UNION ALL SELECT id FROM dept ORDER BY id LIMIT 4
(SELECT id FROM emp ORDER BY id DESC LIMIT 1) UNION ALL (SELECT id FROM dept ORDER BY id LIMIT 1)
SELECT 1 AS a UNION SELECT 1.0 UNION SELECT '1'
SELECT 1 UNION ALL SELECT 'a' UNION ALL SELECT NULL
SELECT NULL UNION ALL SELECT 1
SELECT 'a' UNION SELECT 'A'
SELECT hired FROM emp UNION ALL SELECT at FROM sale
SELECT salary FROM emp WHERE id = 1 UNION ALL SELECT bonus FROM emp WHERE id = 2
SELECT id, name FROM emp WHERE id < 3 UNION ALL SELECT 'x', salary FROM emp WHERE id < 3
SELECT sex FROM emp UNION SELECT kind FROM sale WHERE kind LIKE 's%'
SELECT 1, 2 UNION SELECT 1, 2 UNION ALL SELECT 1, 2
WITH t AS (SELECT dept_id, COUNT(*) n FROM emp GROUP BY dept_id) SELECT d.name, t.n FROM dept d JOIN t ON t.dept_id = d.id
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT * FROM r
WITH RECURSIVE r (n, f) AS (SELECT 0, 1 UNION ALL SELECT n + 1, f * (n + 1) FROM r WHERE n < 10) SELECT * FROM r
WITH RECURSIVE tree AS (SELECT id, name, parent, 0 AS lvl FROM dept WHERE parent IS NULL UNION ALL SELECT d.id, d.name, d.parent, lvl + 1 FROM dept d JOIN tree t ON d.parent = t.id) SELECT * FROM tree ORDER BY lvl, id
WITH RECURSIVE p AS (SELECT id, CAST(name AS CHAR(200)) AS path FROM dept WHERE parent IS NULL UNION ALL SELECT d.id, CONCAT(p.path, '/', d.name) FROM dept d JOIN p ON d.parent = p.id) SELECT * FROM p
WITH RECURSIVE d AS (SELECT DATE '2024-01-30' AS x UNION ALL SELECT x + INTERVAL 1 DAY FROM d WHERE x < '2024-02-02') SELECT x FROM d
WITH RECURSIVE s AS (SELECT 'a' AS x UNION ALL SELECT CONCAT(x, 'b') FROM s WHERE LENGTH(x) < 3) SELECT * FROM s
WITH RECURSIVE u AS (SELECT 1 AS n UNION SELECT (n % 3) + 1 FROM u) SELECT n FROM u ORDER BY n
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT * FROM a, b
SELECT * FROM (SELECT id, name FROM emp WHERE id < 3) AS t (a, b)
SELECT t.id, t.c FROM (SELECT dept_id AS id, COUNT(*) AS c FROM emp GROUP BY dept_id) t WHERE t.c > 1
SELECT id, ROW_NUMBER() OVER (ORDER BY salary DESC, id) FROM emp
SELECT id, RANK() OVER (ORDER BY salary), DENSE_RANK() OVER (ORDER BY salary), PERCENT_RANK() OVER (ORDER BY salary), CUME_DIST() OVER (ORDER BY salary) FROM emp
SELECT id, SUM(salary) OVER (ORDER BY id), SUM(salary) OVER () FROM emp
SELECT id, SUM(salary) OVER (PARTITION BY dept_id ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM emp
SELECT id, AVG(salary) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM emp
SELECT id, LAG(salary) OVER (ORDER BY id), LEAD(salary, 2, 0) OVER (ORDER BY id), LAG(name, 1, 'none') OVER w FROM emp WINDOW w AS (ORDER BY id)
SELECT id, FIRST_VALUE(name) OVER w, LAST_VALUE(name) OVER w, NTH_VALUE(name, 2) OVER w FROM emp WINDOW w AS (PARTITION BY dept_id ORDER BY id)
SELECT id, NTILE(4) OVER (ORDER BY id) FROM emp
SELECT id, COUNT(*) OVER (PARTITION BY sex) FROM emp
SELECT id, COUNT(*) OVER (ORDER BY hired RANGE BETWEEN INTERVAL 1 YEAR PRECEDING AND CURRENT ROW) FROM emp
SELECT id, SUM(id) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING) FROM emp
SELECT id, MAX(salary) OVER (PARTITION BY dept_id) - salary FROM emp
SELECT dept_id, SUM(SUM(salary)) OVER (ORDER BY dept_id) FROM emp GROUP BY dept_id
SELECT id, SUM(salary) OVER w2 FROM emp WINDOW w1 AS (PARTITION BY dept_id), w2 AS (w1 ORDER BY id)
SELECT id, ROW_NUMBER() OVER (PARTITION BY dept_id ORDER BY salary DESC, id) AS rn FROM emp ORDER BY dept_id, rn
SELECT * FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY dept_id ORDER BY id) rn FROM emp) t WHERE rn = 1
flagged: SELECT VERSION() LIKE '8.0%'
SELECT DATE '2024-02-29' + INTERVAL 1 YEAR, DATE '2024-01-31' + INTERVAL 1 MONTH, DATE '2024-03-31' - INTERVAL 1 MONTH, '2024-01-31' + INTERVAL 1 DAY, DATE_ADD('2024-01-01', INTERVAL 1 HOUR), DATE_ADD(DATE '2024-01-01', INTERVAL 1 HOUR), INTERVAL 1 DAY + '2024-01-01'
SELECT DATE_ADD('2024-01-01 10:00:00', INTERVAL '1:30' MINUTE_SECOND), DATE_ADD('2024-01-01', INTERVAL '1 2:3:4' DAY_SECOND), DATE_ADD('2024-01-01', INTERVAL '1-2' YEAR_MONTH), DATE_SUB('2024-01-01', INTERVAL '1.5' SECOND_MICROSECOND), DATE_ADD('2024-01-01', INTERVAL 1.5 SECOND), DATE_ADD('2024-01-01', INTERVAL 1.5 DAY), DATE_ADD('2024-01-01', INTERVAL '1.9' HOUR)
flagged: SELECT DATE_ADD('2024-02-30', INTERVAL 1 DAY), DATE_ADD('abc', INTERVAL 1 DAY), DATE_ADD(NULL, INTERVAL 1 DAY), DATE_ADD('2024-01-01', INTERVAL NULL DAY), DATE_ADD('9999-12-31', INTERVAL 1 DAY), DATE_SUB('0001-01-01', INTERVAL 2 DAY), DATE_ADD('2024-01-01', INTERVAL 'x' DAY)
refused: SELECT ADDDATE('2024-01-01', 31), SUBDATE('2024-01-01', 1), ADDDATE('2024-01-01', INTERVAL 1 WEEK), ADDTIME('10:00:00', '01:30:00'), SUBTIME('10:00:00', '11:00:00'), ADDTIME('2024-01-01 10:00:00', '1 1:1:1'), SUBTIME('2024-01-01 00:00:00', '0:0:1'), ADDTIME('x', '1:0:0')
SELECT DATEDIFF('2024-03-01', '2024-02-01'), DATEDIFF('2024-01-01 23:59:59', '2024-01-02'), DATEDIFF(NULL, '2024-01-01'), DATEDIFF('bad', '2024-01-01'), TIMEDIFF('10:00:00', '08:30:00'), TIMEDIFF('2024-01-02 00:00:00', '2024-01-01 12:00:00'), TIMEDIFF('10:00:00', '2024-01-01 10:00:00')
SELECT TIMESTAMPDIFF(MONTH, '2024-01-31', '2024-02-29'), TIMESTAMPDIFF(YEAR, '2020-02-29', '2021-02-28'), TIMESTAMPDIFF(DAY, '2024-01-01 12:00', '2024-01-02 11:59'), TIMESTAMPDIFF(SECOND, '2024-01-01', '2024-01-02'), TIMESTAMPDIFF(HOUR, '2024-01-02', '2024-01-01'), TIMESTAMPDIFF(WEEK, '2024-01-01', '2024-01-20'), TIMESTAMPDIFF(QUARTER, '2023-01-01', '2024-01-01'), TIMESTAMPDIFF(MICROSECOND, '2024-01-01', '2024-01-01 00:00:01'), TIMESTAMPADD(MONTH, 1, '2024-01-31'), TIMESTAMPADD(MINUTE, -90, '2024-01-01')
flagged: SELECT YEAR('2024-05-06'), MONTH('2024-05-06'), DAY('2024-05-06'), HOUR('10:11:12'), MINUTE('10:11:12'), SECOND('10:11:12'), MICROSECOND('10:11:12.123456'), QUARTER('2024-05-06'), DAYOFWEEK('2024-05-06'), WEEKDAY('2024-05-06'), DAYOFYEAR('2024-12-31'), DAYNAME('2024-05-06'), MONTHNAME('2024-05-06'), YEAR('bad'), HOUR('272:59:59'), DAY('2024-02-30'), MONTH(NULL), YEAR(20240506), DAYOFMONTH('2024-00-00'), LAST_DAY('2023-02-01'), LAST_DAY('bad')
SELECT WEEK('2024-01-01'), WEEK('2024-01-01', 1), WEEK('2024-12-31', 3), WEEK('2023-01-01', 0), WEEK('2023-01-01', 2), WEEK('2023-01-01', 4), WEEK('2023-01-01', 5), WEEK('2023-01-01', 6), WEEK('2023-01-01', 7), WEEKOFYEAR('2021-01-01'), YEARWEEK('2021-01-01'), YEARWEEK('2021-01-03', 1), YEARWEEK('2000-01-01')
SELECT DATE_FORMAT('2024-02-29 13:04:05.678', '%Y %y %m %c %d %e %H %k %h %I %l %i %s %S %f %p %r %T %W %a %M %b %j %D %w %U %u %V %v %X %x %%'), DATE_FORMAT('2024-02-29', '%d/%m/%Y'), DATE_FORMAT(NULL, '%Y'), DATE_FORMAT('bad', '%Y'), DATE_FORMAT('2024-01-01', NULL), DATE_FORMAT('2024-01-01', 'no format'), TIME_FORMAT('25:01:02', '%H %k %h %i %s'), DATE_FORMAT('10:11:12', '%H')
flagged: SELECT STR_TO_DATE('31/12/2023', '%d/%m/%Y'), STR_TO_DATE('2023-12-31 10:11:12', '%Y-%m-%d %H:%i:%s'), STR_TO_DATE('10:11', '%H:%i'), STR_TO_DATE('May 5, 2024', '%M %e, %Y'), STR_TO_DATE('5 Mon 2024', '%d %a %Y'), STR_TO_DATE('x', '%Y'), STR_TO_DATE('2024-02-30', '%Y-%m-%d'), STR_TO_DATE('12:34:56 PM', '%r'), STR_TO_DATE('2024-01-01 extra', '%Y-%m-%d'), STR_TO_DATE('01,5,2013', '%d,%m,%Y'), STR_TO_DATE('9', '%m'), STR_TO_DATE('24', '%y'), STR_TO_DATE(NULL, '%Y'), STR_TO_DATE('20240506', '%Y%m%d')
SELECT DATE('2024-01-02 03:04:05'), TIME('2024-01-02 03:04:05'), TIMESTAMP('2024-01-02'), TIMESTAMP('2024-01-02', '10:00:00'), DATE('bad'), TIME('bad'), DATE(20240102), TIME(101112), DATE('24-1-2'), DATE('2024/01/02'), DATE('20240102'), TIMESTAMP('2024-01-02 03:04:05.123'), TIME('10:11'), TIME('1 10:11:12')
refused: SELECT TO_DAYS('2024-01-01'), FROM_DAYS(738000), TO_SECONDS('2024-01-01'), UNIX_TIMESTAMP('2024-01-01'), FROM_UNIXTIME(1700000000), FROM_UNIXTIME(1700000000, '%Y-%m-%d'), FROM_UNIXTIME(1.5), SEC_TO_TIME(3661), SEC_TO_TIME(-1), TIME_TO_SEC('01:01:01'), TIME_TO_SEC('-01:00:00'), MAKEDATE(2024, 60), MAKEDATE(2024, 0), MAKETIME(10, 11, 12), MAKETIME(10, 70, 0), MAKETIME(-1, 0, 0), PERIOD_ADD(202401, 13), PERIOD_DIFF(202402, 202312), UNIX_TIMESTAMP('bad'), FROM_DAYS(0), UNIX_TIMESTAMP('1969-01-01')
SELECT EXTRACT(YEAR FROM '2024-01-02'), EXTRACT(YEAR_MONTH FROM '2024-01-02'), EXTRACT(DAY_MINUTE FROM '2024-01-02 10:11:12'), EXTRACT(MICROSECOND FROM '2024-01-01 00:00:00.000123'), EXTRACT(HOUR_SECOND FROM '10:11:12'), EXTRACT(WEEK FROM '2024-01-08'), EXTRACT(DAY FROM NULL), EXTRACT(DAY_HOUR FROM '2024-01-02 10:11:12')
SELECT CONVERT_TZ('2024-01-01 12:00:00', '+00:00', '+05:30'), CONVERT_TZ('2024-01-01', '+00:00', '-10:00'), CONVERT_TZ('bad', '+00:00', '+01:00'), CONVERT_TZ('2024-01-01', 'x', '+01:00')
SELECT CAST('2024-01-02' AS DATE), CAST('2024-01-02 10:11:12.6' AS DATETIME), CAST('2024-01-02 10:11:12.6' AS DATETIME(1)), CAST('10:11:12' AS TIME), CAST(101112 AS TIME), CAST('bad' AS DATE), CAST(20240102 AS DATE), CAST(20240102101112 AS DATETIME), CAST(DATE '2024-01-02' AS SIGNED), CAST(TIMESTAMP '2024-01-02 10:11:12' AS UNSIGNED), CAST(TIME '10:11:12' AS SIGNED), CAST('2024-02-31' AS DATE), CAST('0000-00-00' AS DATE), CAST('' AS DATE)
refused: SELECT DATE '2024-01-02' + 0, TIME '10:11:12' + 0, TIMESTAMP '2024-01-02 10:11:12' + 0, DATE '2024-01-02' + 1, DATE '2024-01-02' = 20240102, DATE '2024-01-02' = '2024-01-02', DATE '2024-01-02' < '2024-1-3', TIMESTAMP '2024-01-02 00:00:00' = DATE '2024-01-02', '2024-01-02' = '2024-1-2', TIME '10:00:00' = '10:00', DATE '2024-01-02' = 'abc'
SELECT id FROM emp WHERE hired > '2020-01-01'
SELECT id FROM emp WHERE hired = 20200229
SELECT id FROM emp WHERE hired BETWEEN '2019-01-01' AND '2020-12-31'
SELECT id FROM emp WHERE seen >= '2020-01-01' AND seen < '2021-01-01'
SELECT id FROM emp WHERE seen = '2000-01-01'
SELECT id FROM emp WHERE YEAR(hired) = 2020
SELECT id FROM emp WHERE hired = '2020-02-29 00:00:00'
SELECT id FROM emp WHERE hired IN ('2020-02-29', '2000-1-1')
SELECT id FROM emp WHERE shift > '08:00'
SELECT id FROM emp WHERE shift > 80000
SELECT id, born, born + 1, born = 90, born = '1990' FROM emp
SELECT id, hired + INTERVAL id MONTH, seen - INTERVAL id HOUR FROM emp
SELECT id, DATEDIFF(seen, hired), TIMEDIFF(seen, upd), TIMESTAMPDIFF(DAY, hired, '2024-01-01') FROM emp
SELECT id, MAX(shift), MIN(shift), SUM(shift) FROM emp GROUP BY id
SELECT id, shift + 0, TIME_TO_SEC(shift), HOUR(shift), ADDTIME(shift, '1:00:00') FROM emp
SELECT MAX(hired), MIN(seen), AVG(born), SUM(born), MAX(born), COUNT(upd) FROM emp
SELECT id, upd, UNIX_TIMESTAMP(upd), DATE(upd), upd + INTERVAL 1 DAY FROM emp
SELECT sex, sex + 0, sex = 'M', sex = 2, sex > 'a', sex IN ('f', 'x'), CONCAT(sex, '!') FROM emp
SELECT tags, tags + 0, tags = 'a,c', FIND_IN_SET('a', tags), tags & 1, tags LIKE '%a%', LENGTH(tags) FROM emp
SELECT MAX(sex), MIN(sex), COUNT(DISTINCT sex), SUM(sex) FROM emp
SELECT sex, COUNT(*) FROM emp GROUP BY sex ORDER BY sex
SELECT id, active, active + 1, active = TRUE, NOT active, IF(active, 'y', 'n'), active IS TRUE, active IS NOT TRUE FROM emp
SELECT id FROM emp WHERE active
SELECT id FROM emp WHERE NOT active
SELECT id, level, level - 1 FROM emp WHERE level > 0
SELECT id, level - 1 FROM emp
SELECT id, flags & 4, flags | 8, flags ^ 1, ~flags, flags << 2, flags >> 1, BIT_COUNT(flags) FROM emp
SELECT id FROM emp WHERE flags & 1
SELECT id, ubig, ubig + 0, ubig / 2, ubig DIV 2, ubig % 10 FROM emp
SELECT id, ubig - 1 FROM emp WHERE ubig > 0
SELECT id, big + ubig FROM emp WHERE id IN (3, 6)
SELECT id, big > ubig, big = ubig, big < 9223372036854775808 FROM emp
SELECT id, raw, HEX(raw), LENGTH(raw), raw = 'abc', raw = 'ABC', UPPER(raw), raw LIKE 'a%', CONCAT(raw, 'z') FROM emp
SELECT id, code, LENGTH(code), code = 'abc', CONCAT('[', code, ']'), code = 12, code + 0 FROM emp
SELECT id, note LIKE '%\%%', note LIKE '%!_%' ESCAPE '!', LENGTH(note), SUBSTRING_INDEX(note, '\n', 1), note = 12, note REGEXP '^[0-9]' FROM emp
SELECT MD5('abc'), SHA1('abc'), SHA('abc'), SHA2('abc', 256), SHA2('abc', 0), SHA2('abc', 5), CRC32('abc'), MD5(NULL), MD5(123), SHA2('é', 512), CRC32(''), CRC32(NULL), CRC32(1.5)
SELECT TO_BASE64('abc'), FROM_BASE64('YWJj'), TO_BASE64(NULL), FROM_BASE64('!!'), TO_BASE64(''), TO_BASE64(REPEAT('x', 60)), FROM_BASE64(TO_BASE64('é'))
refused: SELECT INET_ATON('10.0.5.9'), INET_NTOA(167773449), INET_ATON('bad'), INET_NTOA(-1), INET6_NTOA(INET6_ATON('::1')), HEX(INET6_ATON('1.2.3.4')), IS_IPV4('1.2.3.4'), IS_IPV6('::'), IS_IPV4('1.2.3'), IS_IPV4_COMPAT(INET6_ATON('::1.2.3.4')), IS_IPV4_MAPPED(INET6_ATON('::ffff:1.2.3.4')), INET_ATON('1.2')
SELECT IS_UUID('6ccd780c-baba-1026-9564-5b8c656024db'), IS_UUID('x'), HEX(UUID_TO_BIN('6ccd780c-baba-1026-9564-5b8c656024db')), HEX(UUID_TO_BIN('6ccd780c-baba-1026-9564-5b8c656024db', 1)), BIN_TO_UUID(UUID_TO_BIN('6ccd780c-baba-1026-9564-5b8c656024db')), LENGTH(UUID()), UUID() <> UUID()
refused: SELECT CHARSET('a'), COLLATION('a'), CHARSET(1), COLLATION(BINARY 'a'), COERCIBILITY('a'), CHARSET(_latin1 'a')
refused: SELECT DATABASE() IS NOT NULL, USER() LIKE '%@%', CONNECTION_ID() > 0, LAST_INSERT_ID(), ROW_COUNT(), FOUND_ROWS(), SCHEMA() = DATABASE()
SELECT @x := 5, @x + 1, @y IS NULL
SET @a = 1, @b = 'x', @c = NULL;;SELECT @a + 1, CONCAT(@b, 'y'), @c IS NULL, @a = '1', @undefined
SET @n = 0;;SELECT id, @n := @n + 1 AS rn FROM emp ORDER BY id
refused: SELECT SLEEP(0), BENCHMARK(1, 1+1), UUID_SHORT() > 0, NAME_CONST('n', 5)
SELECT 1 FROM DUAL
SELECT 1 WHERE 1 = 0
SELECT 1 FROM DUAL WHERE 1 = 0
SELECT COUNT(*) FROM emp WHERE FALSE
SELECT MAX(id), SUM(id), COUNT(id) FROM emp WHERE id > 100
SELECT ALL id FROM emp
SELECT SQL_CALC_FOUND_ROWS id FROM emp ORDER BY id LIMIT 1;;SELECT FOUND_ROWS()
SELECT HIGH_PRIORITY SQL_NO_CACHE id FROM emp USE INDEX (k_dept) WHERE dept_id = 1
SELECT /*+ MAX_EXECUTION_TIME(1000) */ id FROM emp
SELECT id FROM emp FOR UPDATE
SELECT id FROM emp WHERE id = 1 LOCK IN SHARE MODE
SELECT id FROM emp WHERE id = '1'
SELECT id FROM emp WHERE id = '1x'
SELECT id FROM emp WHERE id IN ('1', 2)
SELECT id FROM emp WHERE name = 0
SELECT id FROM emp WHERE salary = '1000'
SELECT id FROM emp WHERE salary = 1000.001
SELECT id FROM emp WHERE bonus = '1.5'
SELECT id FROM emp WHERE dept_id <=> NULL
SELECT id FROM emp WHERE NOT (dept_id = 1)
SELECT id FROM emp WHERE dept_id <> 1 OR dept_id IS NULL
SELECT id FROM emp WHERE (dept_id = 1) = (salary > 1000)
SELECT id FROM emp WHERE salary > 500 XOR active
SELECT id FROM emp WHERE name > 'b'
SELECT id FROM emp WHERE name BETWEEN 'a' AND 'c'
SELECT id FROM emp WHERE name REGEXP '^[a-c]'
SELECT id FROM emp WHERE BINARY name = 'ann'
SELECT id FROM emp WHERE name COLLATE utf8mb4_bin LIKE 'A%'
SELECT id FROM emp WHERE name COLLATE utf8mb4_0900_as_cs = 'Zoë'
SELECT name, name COLLATE utf8mb4_general_ci = 'zoe' FROM emp
SELECT COUNT(*), COUNT(salary), COUNT(DISTINCT salary), COUNT(DISTINCT dept_id, sex) FROM emp
SELECT SUM(salary IS NULL), SUM(salary > 100), AVG(active), SUM(DISTINCT dept_id) FROM emp
SELECT SUM(name), AVG(code), MAX(note), MIN(name) FROM emp
SELECT MAX(name), MIN(code) FROM emp WHERE id IN (1, 2, 3)
SELECT ROUND(AVG(salary), 2), FORMAT(SUM(salary), 2), CONCAT(AVG(salary)), CONCAT(AVG(id)), CONCAT(SUM(bonus)) FROM emp WHERE id < 4
SELECT ANY_VALUE(name) IS NOT NULL, dept_id FROM emp GROUP BY dept_id
SELECT MIN(salary) + MAX(salary), COUNT(*) * 2 FROM emp HAVING COUNT(*) > 3
SELECT id, CONCAT(name, ' (', IFNULL(salary, 'n/a'), ')') FROM emp
SELECT id, COALESCE(salary, bonus, 0), IFNULL(hired, 'never'), IFNULL(seen, hired), COALESCE(note, code, 'z') FROM emp
SELECT id, CASE WHEN salary > 1000 THEN 'high' WHEN salary > 100 THEN 'mid' ELSE 'low' END AS c FROM emp
SELECT id, CASE dept_id WHEN 1 THEN salary ELSE bonus END FROM emp
SELECT id, CASE WHEN id > 2 THEN hired ELSE seen END, IF(id > 2, hired, name), IF(id = 1, salary, id) FROM emp
SELECT id, GREATEST(salary, bonus), LEAST(id, salary), GREATEST(hired, seen), GREATEST(name, code), LEAST(hired, '2020-01-01') FROM emp
SELECT id, name FROM emp WHERE name LIKE 'Z%' OR name LIKE '_nn'
SELECT id FROM emp WHERE name LIKE 'É%' COLLATE utf8mb4_bin
SELECT id FROM emp WHERE note LIKE '%\_%'
SELECT id FROM emp WHERE note LIKE '%''%'
SELECT id FROM emp WHERE code LIKE 'ab' AND code NOT LIKE 'x%'
SELECT id FROM emp WHERE id LIKE '1%'
SELECT id FROM emp WHERE salary LIKE '%.5%'
SELECT id FROM emp WHERE hired LIKE '2020%'
SELECT id FROM emp WHERE seen LIKE '%59'
SELECT id FROM emp WHERE sex LIKE 'M'
SELECT id, name REGEXP 'É', name REGEXP 'o', name REGEXP '^.{3}$', name RLIKE '[^a-z]' FROM emp
SELECT id, REGEXP_REPLACE(name, '[aeiou]', '*'), REGEXP_SUBSTR(name, '[b-n]+'), REGEXP_INSTR(name, 'n') FROM emp WHERE name <> ''
SELECT id, CONCAT_WS('-', id, name, sex, hired, NULL, salary) FROM emp
SELECT id, CONCAT(hired, 'T', shift), CONCAT(seen), CONCAT(upd), CONCAT(born) FROM emp
SELECT at, CONCAT(at), DATE(at), TIME(at), at + 0, MICROSECOND(at), SECOND(at), UNIX_TIMESTAMP(at) FROM sale
SELECT id, DATE_FORMAT(at, '%H:%i:%s.%f'), EXTRACT(SECOND_MICROSECOND FROM at), at + INTERVAL 500 MICROSECOND, TIMEDIFF(at, '2024-01-01') FROM sale
SELECT id, HOUR(at), WEEKDAY(at), DAYNAME(at), WEEK(at, 3), YEARWEEK(at), LAST_DAY(at), TO_DAYS(at) FROM sale
SELECT id, at BETWEEN '2024-01-01' AND '2024-01-31', at = '2024-01-01', at > DATE '2024-01-15', at < NOW() FROM sale
SELECT id, IF(qty > 1, amount, qty), IF(qty, 'some', 'none'), IFNULL(amount, qty), NULLIF(qty, 0), COALESCE(amount, 'n/a') FROM sale
SELECT id, amount / qty, amount DIV qty, amount % qty, qty / amount, amount / 0, qty DIV 2, -qty, qty % 3, -qty % 3 FROM sale
SELECT SUM(amount * qty), AVG(amount / qty), SUM(amount) / COUNT(*), SUM(qty) / COUNT(qty), MAX(amount / 3), SUM(amount / 3), AVG(qty * 1.5) FROM sale
SELECT kind, SUM(IF(qty > 1, amount, 0)), COUNT(IF(qty > 1, 1, NULL)), SUM(CASE WHEN qty > 1 THEN amount END), AVG(IFNULL(amount, 0)) FROM sale GROUP BY kind
SELECT kind, COUNT(*) FROM sale GROUP BY kind HAVING SUM(amount) > 20
SELECT kind k, SUM(qty) s FROM sale GROUP BY k HAVING s > 2 ORDER BY s
SELECT kind, emp_id, SUM(qty) FROM sale GROUP BY kind, emp_id ORDER BY kind, emp_id
SELECT emp_id, COUNT(DISTINCT kind), MAX(at), MIN(amount) FROM sale GROUP BY emp_id ORDER BY emp_id
SELECT emp_id IS NULL, COUNT(*) FROM sale GROUP BY emp_id IS NULL
SELECT emp_id % 2 AS odd, SUM(amount) FROM sale GROUP BY odd
SELECT YEAR(at), COUNT(*) FROM sale GROUP BY YEAR(at) WITH ROLLUP
SELECT YEAR(at) AS y, MONTH(at) AS m, COUNT(*) FROM sale GROUP BY y, m WITH ROLLUP
SELECT COALESCE(kind, 'total') AS k, SUM(amount) FROM sale GROUP BY kind WITH ROLLUP
SELECT emp_id, kind, SUM(amount) AS s FROM sale GROUP BY emp_id, kind WITH ROLLUP HAVING s > 5
SELECT emp_id, SUM(qty), GROUPING(emp_id) g FROM sale GROUP BY emp_id WITH ROLLUP ORDER BY g, emp_id
SELECT DISTINCT kind FROM sale WHERE kind < 'shop' OR kind > 'shop'
SELECT DISTINCT emp_id, kind = 'web' FROM sale
SELECT COUNT(*), kind FROM sale GROUP BY 2 ORDER BY 1 DESC, 2
SELECT e.name, s.amount FROM emp e LEFT JOIN sale s ON s.emp_id = e.id WHERE s.id IS NULL
SELECT e.name, s.amount FROM emp e LEFT JOIN sale s ON s.emp_id = e.id AND s.amount > 15 WHERE e.id < 4
SELECT e.id, d.id, s.id FROM emp e LEFT JOIN dept d ON d.id = e.dept_id LEFT JOIN sale s ON s.emp_id = e.id
SELECT e.id, b.id, bb.id FROM emp e LEFT JOIN emp b ON b.id = e.boss LEFT JOIN emp bb ON bb.id = b.boss
SELECT e.id FROM emp e JOIN (dept d JOIN sale s ON s.id = d.id) ON d.id = e.dept_id
SELECT e.id, d.id FROM emp e LEFT JOIN (dept d, sale s) ON d.id = e.dept_id AND s.emp_id = e.id
SELECT COUNT(*) FROM emp NATURAL JOIN dept
SELECT * FROM emp JOIN dept USING (id, name)
SELECT id FROM emp JOIN sale USING (id) ORDER BY id
SELECT emp.id, sale.id FROM emp JOIN sale USING (id)
SELECT dept.*, sale.qty FROM dept JOIN sale USING (id) ORDER BY dept.id
SELECT a.id, b.id FROM emp a JOIN emp b ON a.name = b.name AND a.id < b.id
SELECT a.id, b.id FROM num a JOIN num b ON a.i = b.s
SELECT a.id, b.id FROM num a JOIN num b ON a.d = b.f
SELECT a.id, b.id FROM num a JOIN num b ON a.s < b.i WHERE a.id < 4 AND b.id < 4
SELECT e.id, s.id FROM emp e JOIN sale s ON e.hired < s.at AND e.id = s.emp_id
SELECT e.id, s.id FROM emp e JOIN sale s ON DATE(s.at) > e.hired WHERE e.id = 2
SELECT id FROM num WHERE d = '1.5'
SELECT id FROM num WHERE d = 1.5e0
SELECT id FROM num WHERE f = '1.5'
SELECT id FROM num WHERE f = 1e308
SELECT id FROM num WHERE b = 9223372036854775807
SELECT id FROM num WHERE b = '9223372036854775807'
SELECT id FROM num WHERE b = '9223372036854775806'
SELECT id FROM num WHERE b > 9223372036854775806.5
SELECT id FROM num WHERE u = -1
SELECT id FROM num WHERE u > -1
SELECT id FROM num WHERE t = '127'
SELECT id FROM num WHERE t + 0 = '127x'
SELECT id FROM num WHERE i IS NULL OR s IS NULL
SELECT id FROM num WHERE i <=> b
SELECT id FROM num WHERE NOT i
SELECT id FROM num WHERE -s > 0
SELECT id FROM num WHERE s > 1 AND s
SELECT id FROM num WHERE s = TRUE
SELECT id FROM num WHERE i = TRUE
SELECT id FROM num WHERE i IN (TRUE, FALSE)
SELECT id FROM num WHERE d
flagged: SELECT id FROM num WHERE f
SELECT id FROM num WHERE id = 1 OR 'a'
SELECT id FROM num WHERE id BETWEEN 2 AND '5'
SELECT id FROM num WHERE id NOT BETWEEN 2.5 AND 5.5
SELECT id FROM num WHERE (id, t) IN ((1, 1), (2, -1), (3, NULL))
SELECT id FROM num WHERE (id, t) = (1, 1)
SELECT id FROM num WHERE (t, i) > (1, 0)
SELECT id FROM num WHERE (t, i) <= (10, 3)
SELECT id FROM num WHERE (s, id) = ('ABC', 3)
SELECT id, CASE WHEN t > 0 THEN 'pos' WHEN t < 0 THEN 'neg' WHEN t = 0 THEN 'zero' END FROM num
SELECT id, CASE t WHEN 1 THEN 'a' WHEN '-1' THEN 'b' ELSE t END FROM num
SELECT id, CASE s WHEN '1' THEN 1 WHEN 'ABC' THEN 2 ELSE 0 END FROM num
SELECT id, IF(t > 0, u, b), IF(t > 0, t, d), IF(t > 0, s, i), IF(t > 0, NULL, i) FROM num
SELECT id, IFNULL(t, u), IFNULL(u, b), IFNULL(d, f), IFNULL(s, i), IFNULL(NULL, s) FROM num
SELECT id, GREATEST(t, u), LEAST(i, b), GREATEST(d, 0), LEAST(f, 1), GREATEST(s, 'b'), GREATEST(t, i, b), LEAST(t, d) FROM num
SELECT id, t & 7, u | 1, b ^ 3, ~t, ~u, i << 2, b >> 2, t << 60, -1 >> 60, BIT_COUNT(b) FROM num
SELECT id, t XOR i, t AND i, t OR s, NOT s, !t, t IS TRUE, s IS FALSE, (t > 0) IS NOT FALSE FROM num
SELECT id, t = i, t <=> i, t <> u, t < d, d > f, s = t, s < 'b', s <=> NULL FROM num
SELECT id, SIGN(d), ABS(t), ABS(d), ABS(f), ROUND(d, 1), ROUND(d, -1), ROUND(d), TRUNCATE(d, 1), TRUNCATE(d, -2), FLOOR(d), CEIL(d), MOD(d, 3), MOD(i, 7) FROM num
SELECT id, ROUND(f, 1), ROUND(f), FLOOR(f), CEIL(f), TRUNCATE(f, 3) FROM num WHERE id <> 3
flagged: SELECT id, FORMAT(d, 2), FORMAT(i, 0), FORMAT(b, 1), FORMAT(f, 3), FORMAT(s, 2) FROM num WHERE id <> 3
SELECT id, HEX(t), HEX(i), HEX(b), HEX(s), BIN(t), OCT(u), CONV(s, 10, 16), CONV(i, 10, 36), HEX(d) FROM num
SELECT id, LPAD(i, 12, '0'), RPAD(s, 6, '-'), LEFT(i, 3), RIGHT(d, 3), SUBSTRING(b, 2, 3), REVERSE(i), REPEAT(t, 2), LENGTH(d), CHAR_LENGTH(f), REPLACE(i, 2, 'x'), INSTR(b, 7), LOCATE('3', i) FROM num WHERE id <> 3
SELECT id, SQRT(d), POW(t, 2), POW(i, 2), EXP(t), LN(d), LOG10(u), LOG(2, u), ATAN(t), SIN(t), COS(d), DEGREES(t), RADIANS(i) FROM num WHERE id NOT IN (3)
SELECT id, MD5(s), SHA1(i), CRC32(s), CRC32(d), TO_BASE64(s), QUOTE(s), SOUNDEX(s), UPPER(s), ASCII(s), ORD(s) FROM num
SELECT id, INET_NTOA(u), INET_ATON(s), CHAR(t USING utf8mb4), ELT(t, 'a', 'b'), FIELD(t, 1, -1), FIELD(s, '1', 'ABC'), FIND_IN_SET(s, '1,abc,'), MAKE_SET(t, 'x', 'y'), EXPORT_SET(u, '1', '0', '', 4), INTERVAL(t, -5, 0, 5) FROM num WHERE t > 0 OR t IS NULL
flagged: SELECT id, SEC_TO_TIME(i), SEC_TO_TIME(d), MAKETIME(t, 10, 10), MAKEDATE(2020, i), FROM_DAYS(i), FROM_UNIXTIME(u), PERIOD_ADD(202001, t) FROM num WHERE id IN (1, 5, 7)
SELECT id, DATE_ADD('2024-01-31', INTERVAL t DAY), DATE_ADD('2024-01-31', INTERVAL t MONTH), DATE_SUB('2024-01-31 12:00:00', INTERVAL d HOUR), DATE_ADD(DATE '2024-01-31', INTERVAL s DAY), TIMESTAMPADD(MINUTE, i, '2024-01-01') FROM num WHERE id NOT IN (3, 4)
SELECT id, CAST(t AS CHAR), CAST(d AS SIGNED), CAST(d AS UNSIGNED), CAST(f AS DECIMAL(10,1)), CAST(s AS DECIMAL(10,2)), CAST(i AS DECIMAL(5,2)), CAST(b AS DECIMAL(10)), CAST(t AS DATE), CAST(s AS JSON) FROM num WHERE id IN (1, 5, 7)
refused: SELECT id, CAST(i AS CHAR(3)), CAST(d AS CHAR(4)), CONVERT(s, SIGNED), CONVERT(s USING latin1), CAST(s AS BINARY(3)), CAST(u AS SIGNED), CAST(t AS UNSIGNED) FROM num
SELECT SUM(t), SUM(u), SUM(b), SUM(d), AVG(t), AVG(u), AVG(d), AVG(s), SUM(s), MAX(s), MIN(s), MAX(b), MIN(b), MAX(u) FROM num
SELECT SUM(f), AVG(f), STD(t), VARIANCE(i), STDDEV_SAMP(d), VAR_SAMP(t) FROM num WHERE id NOT IN (3, 4)
SELECT COUNT(t), COUNT(DISTINCT t), COUNT(DISTINCT s), COUNT(DISTINCT t, s), SUM(DISTINCT t), AVG(DISTINCT i), MAX(DISTINCT d), GROUP_CONCAT(DISTINCT t ORDER BY t), BIT_AND(u), BIT_OR(t), BIT_XOR(i) FROM num
SELECT t > 0 AS p, COUNT(*), SUM(i), AVG(d) FROM num GROUP BY p ORDER BY p
SELECT s + 0 AS n, COUNT(*) FROM num GROUP BY n ORDER BY n
SELECT ROUND(d) AS r, COUNT(*) FROM num GROUP BY r ORDER BY r
SELECT id FROM num ORDER BY s, id
SELECT id FROM num ORDER BY s + 0, id
SELECT id FROM num ORDER BY t DESC, id
SELECT id FROM num ORDER BY f, id
SELECT id FROM num ORDER BY t IS NULL DESC, t
SELECT id FROM num ORDER BY IF(t > 0, 1, 2), id DESC
SELECT id FROM num ORDER BY ABS(t), id
SELECT id FROM num ORDER BY -t, id
SELECT id FROM num ORDER BY CASE WHEN t > 0 THEN s END, id
SELECT id FROM num ORDER BY s COLLATE utf8mb4_bin, id
SELECT id FROM num ORDER BY BINARY s, id
SELECT id FROM num ORDER BY NULL, id
SELECT id FROM num ORDER BY (SELECT MAX(x.id) FROM num x WHERE x.t < num.t), id
SELECT id, t FROM num ORDER BY 2, 1 LIMIT 3
SELECT id AS x, t AS id FROM num ORDER BY id, x
SELECT t AS i FROM num ORDER BY i
SELECT id FROM num LIMIT 0, 0
SELECT id FROM num ORDER BY id LIMIT 3, 100
SELECT id FROM num UNION SELECT t FROM num ORDER BY 1
flagged: SELECT t FROM num UNION SELECT u FROM num
SELECT t FROM num UNION ALL SELECT s FROM num
SELECT d FROM num UNION SELECT f FROM num WHERE id < 3
SELECT i FROM num UNION SELECT d FROM num
SELECT s FROM num UNION SELECT name FROM dept
SELECT NULL AS x UNION SELECT t FROM num UNION SELECT NULL
SELECT DATE '2024-01-01' UNION SELECT '2024-01-01' UNION SELECT 20240101
SELECT TIME '10:00:00' UNION ALL SELECT TIMESTAMP '2024-01-01 10:00:00' UNION ALL SELECT DATE '2024-01-01'
SELECT 1 UNION SELECT 1.0 UNION SELECT 1e0
SELECT 'x' AS c UNION ALL SELECT hired FROM emp WHERE id < 3
SELECT sex FROM emp WHERE id < 3 UNION ALL SELECT tags FROM emp WHERE id < 3
SELECT id FROM emp WHERE id < 3 UNION SELECT id FROM emp WHERE id > 1 AND id < 5 ORDER BY id DESC LIMIT 2
(SELECT id FROM emp LIMIT 0) UNION ALL SELECT 9
SELECT * FROM (SELECT 1 AS a UNION SELECT 2) t WHERE a > 1
SELECT (SELECT 1 UNION SELECT 1)
SELECT EXISTS (SELECT 1 FROM emp WHERE id > 100), NOT EXISTS (SELECT 1), (SELECT 1 FROM emp WHERE FALSE), (SELECT COUNT(*) FROM num) + 1
SELECT id, (SELECT MAX(s.amount) FROM sale s WHERE s.emp_id = emp.id) + 1, (SELECT GROUP_CONCAT(s.id ORDER BY s.id) FROM sale s WHERE s.emp_id = emp.id) FROM emp
SELECT id FROM emp WHERE id IN (SELECT emp_id FROM sale) AND id NOT IN (SELECT emp_id FROM sale WHERE emp_id IS NOT NULL AND amount IS NULL)
SELECT id FROM emp WHERE name IN (SELECT name FROM dept)
SELECT id FROM num WHERE s IN (SELECT t FROM num)
SELECT id FROM num WHERE i = ANY (SELECT s FROM num)
SELECT id FROM num WHERE i > ALL (SELECT t FROM num WHERE t < 0)
SELECT id FROM num WHERE i > ALL (SELECT t FROM num)
SELECT id FROM num WHERE i > ALL (SELECT t FROM num WHERE FALSE)
SELECT id FROM num WHERE i < ANY (SELECT d FROM num)
SELECT id FROM num WHERE (id, s) IN (SELECT id, s FROM num WHERE t > 0)
SELECT id FROM num WHERE (i, t) NOT IN (SELECT t, i FROM num WHERE t IS NOT NULL)
SELECT id FROM emp e WHERE 1 < (SELECT COUNT(*) FROM emp x WHERE x.dept_id = e.dept_id)
SELECT id FROM emp e WHERE EXISTS (SELECT 1 FROM sale s WHERE s.emp_id = e.id HAVING COUNT(*) > 1)
SELECT d.id, t.n FROM dept d JOIN (SELECT dept_id, COUNT(*) n, AVG(salary) a FROM emp GROUP BY dept_id) t ON t.dept_id = d.id WHERE t.a > 100
SELECT * FROM (SELECT id, t / 3 AS q FROM num) x WHERE q > 0.3
SELECT q * 3, CONCAT(q) FROM (SELECT t / 3 AS q FROM num) x
SELECT AVG(x), SUM(x), MAX(x) FROM (SELECT AVG(t) AS x FROM num GROUP BY t > 0) y
SELECT x / 3 FROM (SELECT SUM(t) AS x FROM num) y
SELECT c, COUNT(*) FROM (SELECT COUNT(*) AS c FROM emp GROUP BY dept_id) t GROUP BY c
WITH t AS (SELECT id, t FROM num WHERE t > 0) SELECT a.id, b.id FROM t a JOIN t b ON a.id < b.id
WITH t (a, b) AS (SELECT id, s FROM num) SELECT a, b FROM t WHERE b > 'a'
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i * 2 FROM n WHERE i < 100) SELECT SUM(i), COUNT(*), MAX(i) FROM n
WITH RECURSIVE f AS (SELECT 0 AS a, 1 AS b, 1 AS n UNION ALL SELECT b, a + b, n + 1 FROM f WHERE n < 15) SELECT a FROM f
WITH RECURSIVE n AS (SELECT 1.0 AS x UNION ALL SELECT x / 2 FROM n WHERE x > 0.1) SELECT x FROM n
WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x + 1.5 FROM n WHERE x < 5) SELECT x FROM n
WITH RECURSIVE boss AS (SELECT id, name, boss, 1 AS lvl FROM emp WHERE boss IS NULL UNION ALL SELECT e.id, e.name, e.boss, b.lvl + 1 FROM emp e JOIN boss b ON e.boss = b.id) SELECT id, lvl FROM boss
WITH RECURSIVE m AS (SELECT DATE '2024-01-31' AS d UNION ALL SELECT d + INTERVAL 1 MONTH FROM m WHERE d < '2024-06-01') SELECT d, DAYNAME(d), WEEK(d) FROM m
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3), s AS (SELECT i, i * i AS q FROM n) SELECT a.i, b.q FROM s a, s b WHERE a.i <> b.i
WITH RECURSIVE n AS (SELECT 2147483646 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 2147483649) SELECT i FROM n
SELECT id, SUM(t) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) s, AVG(d) OVER (ORDER BY id ROWS 2 PRECEDING) a FROM num
SELECT id, COUNT(*) OVER (), COUNT(t) OVER (ORDER BY t), MIN(t) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM num
SELECT id, RANK() OVER (PARTITION BY t > 0 ORDER BY d DESC) r, ROW_NUMBER() OVER (ORDER BY s, id) n FROM num
SELECT id, LAG(t) OVER (ORDER BY id), LEAD(t, 2) OVER (ORDER BY id), LAG(t, 1, -99) OVER (ORDER BY id), t - LAG(t) OVER (ORDER BY id) FROM num
SELECT id, FIRST_VALUE(s) OVER (ORDER BY t, id), LAST_VALUE(s) OVER (ORDER BY t, id), NTH_VALUE(t, 3) OVER (ORDER BY id) FROM num
SELECT id, NTILE(3) OVER (ORDER BY id DESC), CUME_DIST() OVER (ORDER BY t), PERCENT_RANK() OVER (ORDER BY t) FROM num
SELECT id, SUM(t) OVER (ORDER BY t RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), SUM(t) OVER (ORDER BY t DESC) FROM num
SELECT id, MAX(s) OVER (PARTITION BY t IS NULL), SUM(u) OVER (PARTITION BY t > 0 ORDER BY id), SUM(d) OVER w / COUNT(*) OVER w FROM num WINDOW w AS (ORDER BY id)
SELECT t > 0 AS p, COUNT(*), RANK() OVER (ORDER BY COUNT(*) DESC, t > 0) FROM num GROUP BY p
SELECT id, SUM(salary) OVER (PARTITION BY dept_id) / SUM(salary) OVER () * 100 FROM emp
SELECT dept_id, name, salary, salary - AVG(salary) OVER (PARTITION BY dept_id) FROM emp
SELECT * FROM (SELECT id, salary, DENSE_RANK() OVER (ORDER BY salary DESC) dr FROM emp) t WHERE dr <= 2 ORDER BY dr, id
SELECT id, seen, TIMESTAMPDIFF(DAY, LAG(seen) OVER (ORDER BY id), seen) FROM emp
refused: SELECT JSON_EXTRACT(doc, '$.b[last]'), JSON_EXTRACT(doc, '$.b[0 to 1]'), JSON_EXTRACT(doc, '$**.d'), JSON_EXTRACT(doc, '$.*') FROM emp
SELECT JSON_UNQUOTE(JSON_EXTRACT(doc, '$.c.d')), doc->>'$', JSON_LENGTH(doc, '$.b'), JSON_TYPE(doc->'$.b'), JSON_CONTAINS(doc, '2', '$.b') FROM emp
refused: SELECT id, doc->'$.a' + 1, doc->'$.a' = '1', doc->>'$.a' + 1, CONCAT(doc->'$.c.d', '!'), doc->'$.b[0]' IN (1, 2), IFNULL(doc->>'$.z', 'none') FROM emp
SELECT id, CAST(doc->'$.a' AS SIGNED), CAST(doc->>'$.a' AS CHAR), CAST(doc AS CHAR), LENGTH(doc->>'$.c') FROM emp
SELECT JSON_OBJECT('a', 1, 'b', NULL, 'c', TRUE, 'd', 1.5, 'e', 'x', 'f', JSON_ARRAY(1, 'y')), JSON_ARRAY(), JSON_OBJECT(), JSON_QUOTE('x'), JSON_ARRAY(DATE '2024-01-01', TIME '10:00:00', TIMESTAMP '2024-01-01 10:00:00')
SELECT JSON_VALID('{'), JSON_VALID('1'), JSON_VALID('"a"'), JSON_VALID(NULL), JSON_VALID(''), JSON_TYPE('1'), JSON_TYPE('1.5'), JSON_TYPE('"a"'), JSON_TYPE('true'), JSON_TYPE('null'), JSON_TYPE('[]'), JSON_TYPE('{}'), JSON_TYPE(NULL), JSON_DEPTH('[[1]]'), JSON_DEPTH('{}')
SELECT JSON_SET('{"a":1}', '$.b', 2, '$.a', 'x'), JSON_INSERT('[1,2]', '$[5]', 9), JSON_REPLACE('{"a":1}', '$.b', 2), JSON_REMOVE('[1,2,3]', '$[1]'), JSON_ARRAY_APPEND('[1,[2]]', '$[1]', 3), JSON_ARRAY_INSERT('[1,2]', '$[1]', 'x'), JSON_MERGE_PRESERVE('{"a":1}', '{"a":2}'), JSON_MERGE_PATCH('{"a":{"b":1}}', '{"a":{"c":2}}')
SELECT JSON_KEYS('{"b":1,"a":2}'), JSON_KEYS('[1]'), JSON_CONTAINS('[1,2]', '1'), JSON_CONTAINS('{"a":1}', '{"a":1}'), JSON_CONTAINS_PATH('{"a":{"b":1}}', 'all', '$.a', '$.a.b'), JSON_SEARCH('{"a":"x","b":["x","y"]}', 'all', 'x'), JSON_SEARCH('["abc"]', 'one', 'a%'), JSON_EXTRACT('[1,[2,3]]', '$[1][0]')
refused: SELECT j.id, j.v FROM JSON_TABLE('[{"id":1,"v":"a"},{"id":2},{"v":"c"}]', '$[*]' COLUMNS (id INT PATH '$.id', v VARCHAR(10) PATH '$.v' DEFAULT '"zz"' ON EMPTY)) j
refused: SELECT j.* FROM JSON_TABLE('{"a":[1,2],"b":"x"}', '$' COLUMNS (b CHAR(3) PATH '$.b', NESTED PATH '$.a[*]' COLUMNS (x INT PATH '$'))) j
SELECT JSON_ARRAYAGG(name), JSON_OBJECTAGG(name, id) FROM emp WHERE id IN (1)
SELECT t > 0, JSON_ARRAYAGG(t) FROM num WHERE t IS NOT NULL AND t <> -1 AND t <> -128 GROUP BY t > 0 HAVING COUNT(*) = 1
SELECT WEEK('2024-12-30', 0), WEEK('2024-12-30', 1), WEEK('2024-12-30', 2), WEEK('2024-12-30', 3), WEEK('2024-12-30', 4), WEEK('2024-12-30', 5), WEEK('2024-12-30', 6), WEEK('2024-12-30', 7), YEARWEEK('2024-12-30'), YEARWEEK('2024-12-30', 1), YEARWEEK('1970-01-01', 3)
SELECT id, WEEK(hired), WEEK(hired, 1), WEEKOFYEAR(hired), YEARWEEK(hired, 3), DAYOFYEAR(hired), QUARTER(hired), DAYNAME(hired), MONTHNAME(hired), LAST_DAY(hired), TO_DAYS(hired), WEEKDAY(hired), DAYOFWEEK(hired) FROM emp
SELECT id, DATE_FORMAT(hired, '%W, %D %M %Y'), DATE_FORMAT(seen, '%a %b %e %Y %l:%i %p'), DATE_FORMAT(seen, '%Y%m%d%H%i%s'), TIME_FORMAT(shift, '%H:%i'), DATE_FORMAT(hired, '%x-%v'), DATE_FORMAT(seen, '%j %U %u') FROM emp
SELECT id, hired + INTERVAL 1 DAY, hired - INTERVAL 1 MONTH, seen + INTERVAL 90 MINUTE, seen + INTERVAL '1 12' DAY_HOUR, hired + INTERVAL 2 HOUR, ADDDATE(hired, 10), SUBDATE(seen, INTERVAL 1 YEAR), DATE_ADD(seen, INTERVAL -1 QUARTER) FROM emp
SELECT id, DATEDIFF('2024-01-01', hired), DATEDIFF(seen, hired), TIMESTAMPDIFF(YEAR, hired, '2024-01-01'), TIMESTAMPDIFF(MONTH, hired, seen), TIMESTAMPDIFF(SECOND, seen, upd), TIMESTAMPDIFF(WEEK, hired, seen) FROM emp
SELECT id, ADDTIME(seen, '01:00:00'), SUBTIME(shift, '00:30:00'), ADDTIME(shift, shift), TIMEDIFF(shift, '01:00:00'), TIME(seen), SEC_TO_TIME(TIME_TO_SEC(shift)), TIMESTAMP(hired), TIMESTAMP(hired, shift), DATE(seen) = hired FROM emp
SELECT id, hired = seen, hired < seen, seen = upd, seen <=> upd, shift < '12:00:00', hired > 20200101, hired + 0, seen + 0, shift + 0, born + 1, hired = '2020-02-29', hired <> '2020-02-29 10:00:00' FROM emp
SELECT id, CAST(hired AS CHAR), CAST(hired AS SIGNED), CAST(hired AS DATETIME), CAST(seen AS DATE), CAST(seen AS TIME), CAST(shift AS SIGNED), CAST(shift AS CHAR), CAST(born AS CHAR), CAST(seen AS DECIMAL(20,2)), CAST(seen AS DATETIME(2)) FROM emp
SELECT id, GREATEST(hired, '2020-01-01'), LEAST(seen, upd), COALESCE(upd, seen, hired), IFNULL(shift, '00:00:00'), IF(id > 3, hired, NULL), CASE WHEN id > 3 THEN seen ELSE hired END, NULLIF(hired, '1999-12-31') FROM emp
SELECT MAX(hired), MIN(hired), MAX(shift), MIN(shift), MAX(seen), COUNT(DISTINCT hired), SUM(TIME_TO_SEC(shift)), AVG(TIMESTAMPDIFF(DAY, hired, seen)), MAX(born), GROUP_CONCAT(hired ORDER BY hired) FROM emp
SELECT YEAR(hired) AS y, COUNT(*) FROM emp GROUP BY YEAR(hired) ORDER BY y
SELECT QUARTER(seen), MONTHNAME(seen), COUNT(*) FROM emp GROUP BY QUARTER(seen), MONTHNAME(seen)
SELECT LEFT(name, 1) l, COUNT(*) FROM emp GROUP BY l ORDER BY l
SELECT LENGTH(name), COUNT(*) FROM emp GROUP BY LENGTH(name) ORDER BY 1
SELECT sex, AVG(salary), MAX(bonus), SUM(level), GROUP_CONCAT(id ORDER BY id) FROM emp GROUP BY sex
SELECT dept_id, sex, COUNT(*) FROM emp GROUP BY dept_id, sex HAVING COUNT(*) > 0 AND dept_id IS NOT NULL ORDER BY dept_id DESC, sex
SELECT dept_id, MAX(salary) - MIN(salary), AVG(salary) > 1000, IF(COUNT(*) > 1, 'many', 'one') FROM emp GROUP BY dept_id
SELECT active, COUNT(*), SUM(active) FROM emp GROUP BY active
SELECT born, COUNT(*) FROM emp GROUP BY born ORDER BY born
SELECT tags, COUNT(*) FROM emp GROUP BY tags ORDER BY tags
SELECT id, tags, tags = 'a,b', tags <> '', FIND_IN_SET('b', tags) > 0, tags & 2, tags + 1, CONCAT(tags, '.'), LENGTH(tags), tags IN ('b', 'c') FROM emp
SELECT id, sex = 'f', sex <> 'm', sex IS NULL, sex + 1, CONCAT(sex, id), UPPER(sex), sex < 'm', sex BETWEEN 'a' AND 'm', FIELD(sex, 'x', 'f'), CASE sex WHEN 'm' THEN 1 WHEN 'f' THEN 2 END FROM emp
SELECT id, raw = 'abc', HEX(raw), LENGTH(raw), CAST(raw AS CHAR), raw > 'a', raw IS NULL, CONCAT(raw), SUBSTRING(raw, 1, 1), MD5(raw) FROM emp
SELECT id, level + 1, level * 2, level / 3, level % 7, -level, level & 6, level > 100, level = '3', level BETWEEN 1 AND 10, level - flags FROM emp WHERE id IN (1, 4)
SELECT id, rate * 10, rate + 0.1, rate > 0.1, rate = 3.25, ROUND(rate, 1), CAST(rate AS DECIMAL(10,3)), rate / 3, CAST(rate AS CHAR), rate BETWEEN 0 AND 1 FROM emp WHERE id <> 3
SELECT id, bonus * 2, bonus / 3, bonus + salary, bonus > salary, bonus = 1.5, ROUND(bonus), bonus DIV 1, bonus % 1, CAST(bonus AS CHAR), FLOOR(bonus), -bonus FROM emp WHERE id <> 4
SELECT id, salary + 1, salary * 2, salary / 2, salary DIV 7, salary % 7, salary * salary, ROUND(salary * 1.05, 2), salary > 1000, salary = '999.99', -salary, CONCAT(salary), salary * 0.1, salary + bonus, salary * 1e0 FROM emp
SELECT @r := COUNT(*) FROM emp;;SELECT @r, @r + 1
SET @x = (SELECT MAX(salary) FROM emp);;SELECT id FROM emp WHERE salary = @x
flagged: SET @a := 5, @b := @a + 1;;SELECT @a, @b, @a / @b, @a DIV 2, CONCAT(@a, @b), @a = '5', @a IS NULL
SET @d = '2024-01-31';;SELECT @d + INTERVAL 1 DAY, DATE_ADD(@d, INTERVAL 1 MONTH), YEAR(@d), DATEDIFF(@d, '2024-01-01')
SET @s = 'abc';;SELECT UPPER(@s), LENGTH(@s), @s LIKE 'A%', @s = 'ABC', SUBSTRING(@s, 2), @s + 1
SELECT id, @rank := IF(@prev = dept_id, @rank + 1, 1) AS r, @prev := dept_id FROM emp, (SELECT @rank := 0, @prev := NULL) v ORDER BY dept_id, id
SELECT 1 = 1.0, '1' = 1.0, '1.0' = 1, '01' = 1, '1' = '1.0', 'a' = 0, '' = 0, ' ' = 0, NULL = 0, TRUE = 1, 'true' = TRUE, 0x31 = 1, 0x31 = '1', b'1' = 1, 1e0 = 1, '1e0' = 1
SELECT 1 < NULL, NULL <> NULL, NULL AND 0, NULL OR 1, NOT NULL, NULL IS NULL, NULL IN (NULL), 1 IN (NULL, 1), NULL BETWEEN 1 AND 2, NULL LIKE '%', NULL <=> 0, COALESCE(NULL, 0), NULL + 1, CONCAT(NULL), NULL XOR 1, IF(NULL, 1, 0), -(NULL), NULL DIV 1, NULL REGEXP 'a', NULL & 1, LEAST(NULL, 1)
SELECT 3 + 4 * 2, (3 + 4) * 2, 10 - 2 - 3, 2 * 3 % 4, -2 - -3, 7 / 2 * 2, 2 + 3 = 5, 1 + 1 > 1 AND 0 OR 1, NOT 1 = 2, 5 & 3 + 1, 1 << 2 + 1, -5 % 3, 5 % -3, 2 - -1, !1 + 1, 1 | 2 ^ 3, 10 DIV 3 * 3, 'a' || 'b', 1 XOR 0 AND 0
SELECT 0.1 * 3, 1.10 + 2.2, 1.5 * 1.5, 10 / 4, 10.0 / 4, 1 / 7, 22 / 7.0, 1e3 / 3, 100 * 1.1, 0.1 / 3, 5.00 - 5, 1.0 * 1.00, 123456789.123456789 * 2, 9.99 % 1, 7.5 DIV 1.2, -0.5 + 0.5, 1.23456789012345678901234567890 + 0
SELECT 99999999999999999999999999999999999999 + 1, 1234567890123456789012345678901234567890 * 1.0, 0.000000000000000000000000000001 + 1
SELECT 12345678901234567890 / 7, 1 / 3.000000, 2.00 / 3.0000, 1 / 0.3, 0.00001 / 3, 3 / 0.7 * 0.7
SELECT GREATEST(1, 2, 3), LEAST(1.5, 1), GREATEST('a', 'b', 'C'), LEAST('B', 'a'), GREATEST(DATE '2024-01-01', DATE '2023-01-01'), GREATEST(NULL, 1), LEAST(1, 2.0, 3e0), GREATEST('2', '10'), GREATEST(2, 10)
SELECT IFNULL(1, 2.5), IFNULL(NULL, 2.5), IF(1, 1, 2.55), IF(0, 1, 2.55), COALESCE(NULL, 1, 2.5), CASE WHEN 1 THEN 1 ELSE 2.50 END, NULLIF(1.50, 1), IF(1, 1, 'a'), IF(1, NULL, 1), IFNULL('a', 1), CONCAT(IFNULL(1, 2.5)), CONCAT(IF(1, 1, 2.55)), CONCAT(CASE WHEN 1 THEN 1 ELSE 2.50 END), CONCAT(COALESCE(1, 2e0)), CONCAT(GREATEST(1, 2.50)), CONCAT(LEAST(1, 2.5))
SELECT CONCAT(1 / 2), CONCAT(5 / 1), CONCAT(1.5 * 2), CONCAT(10 % 3.0), CONCAT(2.50 + 1), CONCAT(AVG(t)), CONCAT(SUM(d)), CONCAT(MAX(d) * 2), CONCAT(COUNT(*) / 3), CONCAT(AVG(d)) FROM num WHERE id < 3
SELECT ROUND(5.5), ROUND(6.5), ROUND(-5.5), ROUND(5.45, 1), ROUND(5.45e0, 1), ROUND(-1.55, 1), ROUND(1e0 / 3, 4), ROUND(123.456, 0), ROUND(123.456, -1), ROUND('123.456', 1), ROUND(NULL, 1), ROUND(1.5, '0'), TRUNCATE('1.99', 1), FLOOR('-1.5'), CEIL('1.2abc')
SELECT CONV('1F', 16, 2), CONV('abc', 10, 2), CONV(-255, 10, 16), CONV('18446744073709551616', 10, 16), CONV('7fffffffffffffff', 16, -10), CONV('ffffffffffffffff', 16, -10), CONV('', 10, 2), CONV('z', 36, 10), CONV(3.9, 10, 2), BIN(3.9), OCT('8'), HEX(3.5), HEX('10'), BIN(NULL), HEX(18446744073709551615)
SELECT LEFT('日本語', 2), SUBSTRING('日本語', 2, 1), LENGTH('日本語'), REVERSE('日本語'), LPAD('日', 3, '*'), INSTR('日本語', '語'), REPLACE('日本語', '本', 'x'), UPPER('straße'), LOWER('ÀÉ'), ASCII('日'), HEX('日'), CHAR_LENGTH('日本語'), '日本' = '日本', 'か' = 'が', 'ß' = 's', 'É' < 'f', 'o' = 'ø'
SELECT 'a' < 'b', 'a' < 'B', 'A' < 'a', 'abc' < 'abd', 'ab' < 'abc', '' < 'a', 'Z' > 'a', '10' < '9', '-' < 'a', '_' < 'a', 'a b' < 'ab', '1' < 'a', 'é' > 'e', 'é' = 'E'
SELECT CAST(1e20 AS SIGNED)
refused: SELECT CAST(1e20 AS UNSIGNED)
SELECT CAST('99999999999999999999' AS SIGNED)
SELECT CAST('99999999999999999999' AS UNSIGNED)
SELECT CAST('18446744073709551615' AS SIGNED)
SELECT CAST('9223372036854775808' AS SIGNED)
SELECT CAST(99999999999999999999 AS SIGNED)
SELECT CAST(99999999999999999999 AS UNSIGNED)
SELECT CAST(-99999999999999999999 AS SIGNED)
SELECT CAST(-99999999999999999999 AS UNSIGNED)
SELECT CAST(18446744073709551615 AS SIGNED)
SELECT id, CAST(f AS UNSIGNED) FROM num WHERE id <> 3
flagged: SELECT id, CAST(f AS SIGNED) FROM num WHERE id = 3
flagged: SELECT id, CAST(bonus AS SIGNED) FROM emp
flagged: SELECT id, CAST(bonus AS UNSIGNED) FROM emp
SELECT '0.1' + '0.2'
SELECT CONCAT('0.1' + '0.2')
SELECT '1.50' + 0, CONCAT('1.50' + 0), '1.5' * 2, FLOOR('2.5'), ROUND('3.5'), ROUND('2.55', 1), TRUNCATE('2.55', 1)
SELECT ANY_VALUE(id) FROM emp
SELECT ANY_VALUE(1) FROM emp
SELECT ANY_VALUE(1), COUNT(*) FROM emp WHERE FALSE
SELECT ANY_VALUE(id), COUNT(*) FROM emp WHERE FALSE
SELECT id, i + 1, i - 1, i * 2 FROM num
SELECT id, i + i FROM num
SELECT id, t + t, t * 2, t + 300 FROM num
SELECT id, i * 1000000 FROM num
SELECT 2147483647 + 1
SELECT 2147483647 * 2
SELECT SUM(i) + 1, MAX(i) + 1 FROM num
SELECT x + 1 FROM (SELECT 2147483647 AS x) t
SELECT x + 1 FROM (SELECT MAX(i) AS x FROM num) t
SELECT -i FROM num WHERE id = 4
SELECT ABS(i) FROM num WHERE id = 4
SELECT id + 2147483647 FROM num
SELECT YEAR(hired) * 10000000 FROM emp
SELECT qty * 30000 FROM sale
SELECT qty + qty FROM sale
SELECT level * level FROM emp
SELECT i DIV -1 FROM num WHERE id = 4
SELECT b DIV -1 FROM num WHERE id = 4
flagged: SELECT ubig + 1 FROM emp
SELECT big + 1 FROM emp
SELECT COUNT(CAST(hired AS DATETIME)) FROM emp
SELECT COUNT(CAST(hired AS CHAR)), COUNT(CAST(hired AS DATE)), COUNT(CAST(seen AS DATE)), COUNT(TIMESTAMP(hired)), COUNT(DATE(hired)), COUNT(CAST(seen AS TIME)), COUNT(CAST(name AS DATETIME)), COUNT(CAST(salary AS SIGNED)) FROM emp
SELECT 5 WHERE 1e0
SELECT 1e0, 1.5e0, -1e0, 1e3
SELECT '1e2' + 0, '1e2' * 1, 1e2 + 1
flagged: SELECT COUNT(*), COUNT(CAST(hired AS DATETIME)) FROM emp
flagged: SELECT COUNT(CAST(hired AS DATETIME)), COUNT(*) FROM emp
flagged: SELECT COUNT(*), COUNT(CAST(seen AS DATE)), COUNT(TIMESTAMP(hired)) FROM emp
SELECT u * u FROM num WHERE id = 3
SELECT CAST(18446744073709551615 AS SIGNED), CAST(9223372036854775808 AS SIGNED)
SELECT CAST(ubig AS SIGNED) FROM emp
flagged: SELECT CAST(ubig + 0.0 AS SIGNED) FROM emp
SELECT CAST(d AS UNSIGNED) FROM num
SELECT CAST(-1.5 AS UNSIGNED), CAST(-0.4 AS UNSIGNED)
SELECT CAST(s AS UNSIGNED) FROM num
flagged: SELECT CONCAT(PI()), PI() + 0, PI() * 2, ROUND(PI(), 3), CONCAT(PI() * 1)
SELECT CONCAT(FLOOR(salary)), CONCAT(ROUND(FLOOR(salary), 1)), CONCAT(ROUND(CEIL(999999999999999999.5), 1)), CONCAT(ROUND(CEIL(budget), 1)) FROM emp, dept WHERE emp.id = 1 AND dept.id = 1
SELECT (1, 'a') = (1, 'A'), (name, 1) = ('ANN', 1), ('ANN', 1) = (name, 1), (code, name) IN (('ABC', 'bob')), (1, 'a') <> (1, 'A') FROM emp
SELECT '5' + 3, '5' * '7', '10' / 4, '7' DIV 2, '7' % 4, -'5', -'5.5', '9007199254740993' + 0, '1e3' + 1, ' 12 ' + 1, '12abc' + 1, '.5' + 1, '-' + 1, '' + 1
SELECT '3' * 1.10, '3' + 1.10, CONCAT('3' * 1.10), CONCAT('3' + 1.10), CONCAT(-'5.50'), CONCAT('5.0' % 3), CONCAT('5' % 3), CONCAT('1' + '1'), CONCAT('1.0' + 1)
SELECT SUM('5'), AVG('5'), MAX('5'), SUM('1.50'), AVG('2') FROM emp
SELECT SUM(NULL), AVG(NULL), MAX(NULL), COUNT(NULL), SUM(DISTINCT NULL), MIN(DISTINCT NULL), BIT_OR(NULL), GROUP_CONCAT(NULL), STD(NULL) FROM emp
SELECT CASE NULL WHEN DATE '2024-01-31' + 0 THEN 1 END, CASE NULL WHEN id THEN 1 ELSE 'x' END, CASE NULL WHEN name THEN 1 ELSE 'x' END FROM emp
refused: SELECT born < '.5', born < '5', born < 5, born = '90', born > '1e3', born = '2001x', born < 1.5, born = '' FROM emp
SELECT '2.5' & 7, '2.5' | 0, LEFT('abcdef', '2.5'), LEFT('abcdef', '1.9'), LEFT('abcdef', 1.9), REPEAT('a', '2.9'), SUBSTRING('abcdef','1.9')
SELECT s & 7, s | 0, LEFT('abcdef', s), d & 7, f & 7 FROM num WHERE id <> 3
SELECT COUNT(*) * 2, LENGTH(name) + 1, YEAR(hired) - 1, MAX(id) + 1 FROM emp GROUP BY name, hired, id
SELECT 2147483647 + id FROM num
SELECT i DIV id, i DIV -1, -i, ABS(i) FROM num
flagged: SELECT i FROM num UNION SELECT u FROM num
flagged: SELECT u FROM num UNION SELECT i FROM num
flagged: SELECT t FROM num UNION ALL SELECT u FROM num
SELECT u FROM num UNION ALL SELECT b FROM num
flagged: SELECT level FROM emp UNION ALL SELECT t FROM num
SELECT level FROM emp UNION ALL SELECT qty FROM sale
SELECT 1 UNION ALL SELECT u FROM num
SELECT -1 UNION ALL SELECT u FROM num
SELECT IFNULL(t, u), COALESCE(i, u), IF(id > 2, t, u), CASE WHEN id > 2 THEN u ELSE i END, GREATEST(t, u) FROM num
flagged: SELECT FORMAT(-0.0001, 2), FORMAT(-0.4, 0), FORMAT(-1e-5, 3), FORMAT(-0.001, 2)
SELECT i + u FROM num WHERE id IN (1,6,7)
SELECT t + level FROM num, emp WHERE emp.id = 1 AND num.id IN (1, 7)
SELECT CONCAT(0.1e0 + 0.2e0), CONCAT(1e0/3), CONCAT(f) FROM num
flagged: SELECT ROUND(-0.4e0), CONCAT(ROUND(-0.4e0)), CONCAT(-0e0), CONCAT(ROUND(-0.4)), CONCAT(TRUNCATE(-0.4, 0)), CONCAT(-0.0 * 1), CONCAT(0 * -1.5), CONCAT(-f), CONCAT(FLOOR(f)) FROM num WHERE id = 6
SELECT JSON_MERGE_PATCH(NULL, '1'), JSON_MERGE_PATCH(NULL, '{}'), JSON_MERGE_PATCH('1', NULL), JSON_MERGE_PATCH('1', NULL, '2')
SELECT LOWER(code) AS c1 FROM emp UNION ALL SELECT SUBSTRING_INDEX(name, ',', -1) FROM emp
SELECT NULL IN (1, 'a'), NULL NOT IN (1, 'a'), NULL IN (1), NULL IN ('a', id) FROM emp
SELECT CAST(1 = 1 AS JSON), CAST(IS_IPV6('1') AS JSON), JSON_ARRAY(1 = 1, 1 > 2, IS_IPV4('1.2.3.4')), CAST(id > 2 AS JSON) FROM emp
SELECT 1 ^ NULLIF(DATEDIFF(hired, hired), salary) FROM emp
SELECT sex / 3, sex + 1, sex * 1.5, tags / 2, tags + 1, ROUND(tags, -1), AVG(sex), SUM(tags), SUM(sex) FROM emp GROUP BY id, sex, tags
SELECT rate + rate, rate * rate, -rate, ABS(rate), rate - 0.1, CONCAT(rate * rate), CONCAT(-rate), SUM(rate), rate / 3, rate % 0.3, rate = rate FROM emp WHERE id <> 3 GROUP BY id, rate
SELECT GREATEST('10abc', 9), GREATEST('a', 1), LEAST('10', 9.50), CONCAT(LEAST('1.50', 2)), GREATEST('b', 'a', 3), LEAST('1e3', 5000), GREATEST(NULL, 1, 'a'), GREATEST('10', 9) + 0, GREATEST('10', 9) > 9, LEAST('10', 9) IN (9, 10), GREATEST(id, name), LEAST(salary, name, id) FROM emp
refused: SELECT GREATEST(id, 'x'), LEAST(name, 5), GREATEST(born, 'a'), GREATEST(sex, 1), GREATEST(bonus, 'a') FROM emp
refused: SELECT MINUTE(20240229), TIME(20240229), CAST(20240229 AS TIME), HOUR(20240229101112), CAST(9000000 AS TIME), CAST(101112 AS TIME)
SELECT PERIOD_ADD(202401, 2), PERIOD_DIFF(202401, 202312), PERIOD_ADD(2401, 1)
refused: SELECT hired < '2024-02-30' FROM emp
refused: SELECT shift > '2024-02-29' FROM emp
refused: SELECT born < hired FROM emp
flagged: SELECT ubig IN (-1, 2.50) FROM emp
refused: SELECT shift IN ('0000-00-00', DATE '2024-02-29') FROM emp
refused: SELECT TIMEDIFF(hired, '01:00:00') FROM emp
refused: SELECT EXTRACT(HOUR_MINUTE FROM '2024-02-29')
SELECT EXTRACT(HOUR_MINUTE FROM '2024-02-29 10:11:12'), EXTRACT(YEAR_MONTH FROM '2024-02-29'), MINUTE('2024-02-29'), SECOND('2024-02-29 10:11:12')
SELECT AVG(1.5e-3), SUM(1e0), SUM(0.1e0), AVG(0.1e0) FROM emp
SELECT id, dept_id - X'41' FROM emp
SELECT id, salary DIV rate, id DIV rate FROM emp
SELECT id, hired * 2147483647, CONCAT(2147483647 + hired), hired + 0 FROM emp
SELECT CONCAT(COALESCE(-1, 1.5)), CONCAT(COALESCE(-1, 2.50)), CONCAT(IFNULL(-1, 2.50)), CONCAT(IFNULL(1, 2.50)), CONCAT(COALESCE(id, 1.5)) FROM emp
flagged: SELECT id, CONCAT(9223372036854775807 * flags) FROM emp
SELECT id, u * u, u * 3, u * t FROM num WHERE id = 3
SELECT X'41' + 0, X'41' - 1, X'41' / 2, X'41' * 1.5, 0x41 = 65, CONCAT(X'41' + 0), X'41' > 60, X'FF' & 15, b'11' + 1, X'41' DIV 2, X'41' % 2, IF(X'01', 1, 2)
refused: SELECT id FROM emp WHERE born BETWEEN -1 AND 65
SELECT LPAD('a',3,''), RPAD('abc',2,''), LPAD('abc',3,''), LPAD('',0,''), LPAD('a',3,NULL), RPAD('a',3,''), LPAD(name, 3, ''), RPAD(name, id, code) FROM emp
SELECT JSON_PRETTY('{"b":[1,{"a":[]},{}],"a":"x\\ny  [  ]"}'), JSON_PRETTY('[]'), JSON_PRETTY('1'), JSON_PRETTY('[[],1]'), JSON_PRETTY(NULL), JSON_PRETTY('{"a": {}, "c": {"x": {"y": 1}}}'), JSON_PRETTY(doc) FROM emp
refused: SELECT seen > 101112, hired > 0, hired = 0, seen > 1 FROM emp
SELECT hired > 0, hired = 0, seen > 1 FROM emp
flagged: SELECT 1 UNION ALL SELECT ubig FROM emp
SELECT id, NULLIF(10, 2.50) DIV 3, NULLIF(1e1, 1.5), salary / NULLIF(1e1, 1.5), NULLIF(id, 2.0), NULLIF(id, 2.5) + 1, NULLIF(salary, 1000), CONCAT(NULLIF(id, 1.50)) FROM emp
SELECT MAX(kind) FROM sale
SELECT -qty, ABS(qty) FROM sale
refused: SELECT GREATEST(hired, X'41') FROM emp
SELECT CONCAT(CASE WHEN id > 2 THEN id ELSE salary END), CONCAT(IF(id > 2, id, salary)), CONCAT(1 + IF(id > 2, id, salary)), CONCAT(CASE WHEN id > 2 THEN 1 ELSE salary END), CONCAT(1 + CASE WHEN id > 2 THEN id ELSE salary END), CONCAT(IF(id > 2, -1, 2.50)), CONCAT(IF(id > 2, level DIV 2, 2.50)), CONCAT(-IF(id > 2, id, 1.5)) FROM emp
SELECT CONCAT(COALESCE(-salary, id DIV 3, 0)), CONCAT(COALESCE(salary, id)), CONCAT(1 + COALESCE(salary, id)), CONCAT(IFNULL(salary, id DIV 2) + 1), CONCAT(IFNULL(salary, id % 2)), CONCAT(GREATEST(id, 2.50)), CONCAT(1 + GREATEST(id, 1.50)), CONCAT(GREATEST(id DIV 2, 2.50)) FROM emp
SELECT CONCAT(ABS(IF(id > 2, id, 1.50))), CONCAT(IF(id > 2, id, 1.50) * 2), CONCAT(IF(id > 2, id, 1.50) / 2), CONCAT(ROUND(IF(id > 2, id, 1.50), 1)), CONCAT(SUM(IF(id > 2, id, 1.50))), CONCAT(MAX(IF(id > 2, id, 1.50))), CONCAT(AVG(IF(id > 2, id, 1.50))) FROM emp GROUP BY id
flagged: SELECT CONCAT(IF(id > 2, id / 3, 1)), CONCAT(IF(id > 2, id / 3, id)), CONCAT(1 + IF(id > 2, id / 3, id)), CONCAT(CASE WHEN id > 2 THEN salary / 3 ELSE id END) FROM emp
flagged: SELECT id, CASE rate WHEN 0 THEN 1 ELSE 0 END, IF(id > 3, rate, 0) FROM emp
flagged: SELECT id, CASE rate WHEN 1 THEN 1 ELSE 0 END, IF(id > 3, rate, 1) FROM emp
flagged: SELECT id, CASE rate WHEN -1 THEN 1 ELSE 0 END, IF(id > 3, rate, -1) FROM emp
flagged: SELECT id, CASE rate WHEN 255 THEN 1 ELSE 0 END, IF(id > 3, rate, 255) FROM emp
flagged: SELECT id, CASE rate WHEN 2147483647 THEN 1 ELSE 0 END, IF(id > 3, rate, 2147483647) FROM emp
flagged: SELECT id, CASE rate WHEN 9223372036854775807 THEN 1 ELSE 0 END, IF(id > 3, rate, 9223372036854775807) FROM emp
flagged: SELECT id, CASE rate WHEN 18446744073709551615 THEN 1 ELSE 0 END, IF(id > 3, rate, 18446744073709551615) FROM emp
flagged: SELECT id, CASE rate WHEN 20240229 THEN 1 ELSE 0 END, IF(id > 3, rate, 20240229) FROM emp
flagged: SELECT id, CASE rate WHEN TRUE THEN 1 ELSE 0 END, IF(id > 3, rate, TRUE) FROM emp
refused: SELECT id, hired < '2024-02-30' FROM emp
refused: SELECT id FROM emp WHERE seen BETWEEN '2024-02-30' AND DATE '2024-02-29'
refused: SELECT id, upd <= '2024-02-30' FROM emp
refused: SELECT id FROM emp WHERE upd BETWEEN '2024-02-30' AND '10:11:12'
refused: SELECT id FROM emp WHERE upd BETWEEN '10:11:12' AND '2024-02-30'
refused: SELECT id FROM emp WHERE shift IN ('', '0000-00-00')
refused: SELECT id, shift > '2024-02-29' FROM emp
refused: SELECT id, shift <= '2024-02-30' FROM emp
refused: SELECT id FROM emp WHERE shift IN ('2000-01-01 00:00:00', TIME '10:11:12')
refused: SELECT id, CASE shift WHEN '2000-01-01 00:00:00' THEN 1 ELSE 0 END, IF(id > 3, shift, '2000-01-01 00:00:00') FROM emp
refused: SELECT id, shift = '0000-00-00' FROM emp
refused: SELECT id, shift >= '0000-00-00' FROM emp
refused: SELECT id FROM emp WHERE shift IN ('0000-00-00', DATE '2024-02-29')
refused: SELECT id, IFNULL(shift, '0000-00-00'), NULLIF(shift, '0000-00-00') FROM emp
refused: SELECT id, born = hired, born < hired, born <=> hired FROM emp
refused: SELECT id, born = seen, born < seen, born <=> seen FROM emp
refused: SELECT id, born = upd, born < upd, born <=> upd FROM emp
refused: SELECT id FROM emp WHERE born BETWEEN -1 AND X'41'
refused: SELECT id, born < DATE '2024-02-29' FROM emp
refused: SELECT id, born > TIMESTAMP '2024-02-29 12:34:56' FROM emp
refused: SELECT id, born <= X'41' FROM emp
flagged: SELECT id FROM emp WHERE ubig IN (-1, 2.50)
flagged: SELECT id, CASE ubig WHEN -1 THEN 1 ELSE 0 END, IF(id > 3, ubig, -1) FROM emp
flagged: SELECT id FROM emp WHERE ubig IN (X'41', -1)
SELECT id, salary DIV rate FROM emp
SELECT id, CONCAT(hired DIV rate) FROM emp
SELECT id, CONCAT('-3.5' DIV rate) FROM emp
SELECT id, hired * 2147483647 FROM emp
SELECT id, CONCAT(2147483647 + hired) FROM emp
SELECT id, hired * 20240229 FROM emp
SELECT id, CONCAT(20240229 * hired) FROM emp
SELECT id, seen DIV rate FROM emp
SELECT id, sex DIV rate FROM emp
SELECT id, active DIV rate FROM emp
SELECT CONCAT(COALESCE(-1, 1.5))
SELECT CONCAT(COALESCE(-1, 2.50))
SELECT 2147483647 + DATE '2024-02-29'
refused: SELECT DATE '2024-02-29' > '2024-02-30'
SELECT DATE '2024-02-29' * 20240229
refused: SELECT GREATEST(DATE '2024-02-29', X'41')
refused: SELECT '2024-02-30' > DATE '2024-02-29'
flagged: SELECT X'41' DIV '-3.5'
flagged: SELECT X'41' * -1
refused: SELECT GREATEST(X'41', DATE '2024-02-29')
refused: SELECT SECOND(20240229)
SELECT GREATEST('2024-02-30', 5)
refused: SELECT id, SPACE(ubig) FROM emp
refused: SELECT id, SPACE(big) FROM emp
SELECT id, MAKETIME(ubig, 1, 1) FROM emp
SELECT GREATEST('2000-01-01 00:00:00', 5)
refused: SELECT MINUTE(20240229)
refused: SELECT STR_TO_DATE(X'41', '%Y-%m-%d')
SELECT id, ROUND(tags, -1) FROM emp
flagged: SELECT id, ROUND(big, -1) FROM emp
refused: SELECT TIME(20240229)
SELECT GREATEST('2024-02-29', 5)
refused: SELECT EXTRACT(HOUR_MINUTE FROM '0000-00-00')
refused: SELECT id, SPACE(upd) FROM emp
flagged: SELECT id, ROUND(ubig, -1) FROM emp
refused: SELECT id, STRCMP(shift, '1') FROM emp
refused: SELECT TIMEDIFF('0000-00-00', '01:00:00')
refused: SELECT TIMEDIFF(DATE '2024-02-29', '01:00:00')
SELECT id, -(rate) FROM emp
refused: SELECT TIMEDIFF('2024-02-29', '01:00:00')
flagged: SELECT ROUND(X'41', -1)
refused: SELECT TIMEDIFF('2024-02-30', '01:00:00')
refused: SELECT EXTRACT(HOUR_MINUTE FROM '2024-02-30')
SELECT id, MAKEDATE(2024, ubig) FROM emp
flagged: SELECT ROUND(9223372036854775807, -1)
refused: SELECT id, TIMEDIFF(hired, '01:00:00') FROM emp
refused: SELECT HOUR(20240229)
SELECT MAKETIME(18446744073709551615, 1, 1)
SELECT CONCAT(AVG(tags)) FROM emp WHERE id < 4
refused: SELECT id, STRCMP(born, '1') FROM emp
refused: SELECT MICROSECOND(20240229)
refused: SELECT id, SPACE(seen) FROM emp
SELECT AVG(tags) FROM emp WHERE id < 4
refused: SELECT SPACE(2147483647)
refused: SELECT SPACE(18446744073709551615)
flagged: SELECT ROUND(18446744073709551615, -1)
SELECT AVG(-1.5e-3) FROM emp WHERE id < 4
refused: SELECT id, SPACE(flags) FROM emp
SELECT MAKEDATE(2024, 18446744073709551615)
refused: SELECT SPACE(9223372036854775807)
SELECT SUM(-1.5e-3) FROM emp WHERE id < 4
refused: SELECT TIME_TO_SEC(20240229)
SELECT CONCAT(AVG(sex)) FROM emp WHERE id < 4
refused: SELECT TIME_FORMAT(20240229, '%H:%i')
SELECT CAST(TRUE AS JSON)
SELECT GREATEST('0000-00-00', 5)
refused: SELECT SPACE(TIMESTAMP '2024-02-29 12:34:56')
flagged: SELECT id, -(ubig) FROM emp
refused: SELECT id, STR_TO_DATE(raw, '%Y-%m-%d') FROM emp
flagged: SELECT s.id, MAX(s.kind) OVER () AS w, DATE_FORMAT(s.at, '%Y-%m') AS x FROM sale s WHERE (2.50 NOT IN (s.id, s.emp_id, 3) OR s.qty BETWEEN s.amount AND 1)
SELECT n.id, GREATEST((100 DIV 7), n.id) AS x, (MOD(n.d, 5) / NULLIF(1e1, 1.5)) AS y FROM num n
SELECT d.id, (NULLIF(10, 2.50) DIV 3) AS x, MOD((d.budget DIV 2), 5) AS y FROM dept d WHERE LENGTH(d.name) = MOD(d.parent, 5)
flagged: SELECT s.id, MAX(s.kind) OVER () AS w, (s.amount DIV 2) = MOD(s.id, 5) AS x FROM sale s WHERE s.emp_id IS NOT NULL
SELECT t.x, t.x + 1 AS y, CONCAT(t.x) AS z FROM (SELECT (MOD(2, 5) + CASE WHEN s.amount > 2 THEN s.id ELSE s.amount END) AS x FROM sale s WHERE (3 % 7) BETWEEN -1 AND 10) t WHERE t.x < 5
SELECT t.x, t.x + 1 AS y, CONCAT(t.x) AS z FROM (SELECT COALESCE(-d.budget, (d.parent DIV 3), 0) AS x FROM dept d WHERE NOT (d.name LIKE '%E%')) t WHERE t.x <> 5
SELECT 123456789 * DATEDIFF('2024-01-31', hired), LENGTH(note) + 2147483647, LENGTH(note) * 2, DATEDIFF(seen, hired) * 86400 FROM emp
