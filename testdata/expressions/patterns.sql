# LIKE: case, accents, escapes, NULL, other types
t LIKE 'hello%'
t LIKE 'HELLO%'
t LIKE '%WORLD'
t LIKE 'ÄPF%'
t LIKE 'apf%'
t LIKE '_pfel'
t LIKE '%l%'
t LIKE ''
t LIKE '%'
t LIKE NULL
t LIKE 'hello world '
t NOT LIKE 'hello%'
tb LIKE 'hello'
tb LIKE 'Hello'
tb LIKE 'äpfel'
tb LIKE '%.%'
tb LIKE t
t LIKE tb
t LIKE CONCAT('%', c, '%')
t LIKE CONCAT(LEFT(t, 2), '%')
t LIKE '100\%'
'100%' LIKE '100\%'
'100x' LIKE '100\%'
'a_b' LIKE 'a\_b'
'axb' LIKE 'a\_b'
'a\\b' LIKE 'a\\\\b'
'100%' LIKE '100|%' ESCAPE '|'
'100%' LIKE '100%%' ESCAPE '%'
'a' LIKE 'a\\'
'a\\' LIKE 'a\\'
'ab' LIKE 'a!b' ESCAPE '!'
refused: t LIKE 'hxello%' ESCAPE 'x'
tb LIKE 'Hxello%' ESCAPE 'x'
i LIKE '5%'
i LIKE 5
n LIKE '%.3%'
d LIKE '2024-%'
dt LIKE '2024-02-29%'
e LIKE 'SM%'
e LIKE 's%'
st LIKE '%b%'
st LIKE '%B%'
b LIKE 'a%'
b LIKE 'A%'
t LIKE BINARY 'Hello%'
t COLLATE utf8mb4_bin LIKE 'hello%'
t LIKE 'hello%' COLLATE utf8mb4_bin
'Straße' LIKE 'straSSe'
NULL LIKE 'a'
t LIKE 'a,b_c'
t LIKE i
(t LIKE 'a%') + 1
query: SELECT id FROM v WHERE t LIKE '%O%' OR tb LIKE '%W%' ORDER BY id
# comparisons by collation
t = 'HELLO WORLD'
t = 'ÄPFEL'
t = 'apfel'
tb = 'Äpfel'
tb = 'äpfel'
t = tb
t <> tb
t < 'I'
t > 'b'
tb < 'a'
t BETWEEN 'A' AND 'I'
tb BETWEEN 'A' AND 'I'
t IN ('HELLO WORLD', 'APFEL')
tb IN ('HELLO', 'Äpfel')
t NOT IN ('A,B,C')
c = 'AB'
c IN (t, 'XYZ')
t <=> 'HELLO WORLD'
t COLLATE utf8mb4_bin = 'Hello World'
t COLLATE utf8mb4_bin = 'HELLO World'
t = 'hello world' COLLATE utf8mb4_bin
BINARY t = 'Hello World'
BINARY t = 'hello World'
CONCAT(t, '') = 'HELLO WORLD'
LOWER(tb) = 'hello'
UPPER(t) = 'hello world'
e = 'SMALL'
e = 'none'
e IN ('SMALL', 'large')
e > 'medium'
e <= 'MEDIUM'
e BETWEEN 'large' AND 'p'
e < e
e BETWEEN e AND e
st = 'A,C'
st = 'a,c'
CASE t WHEN 'HELLO WORLD' THEN 1 WHEN 'apfel' THEN 2 ELSE 3 END
CASE WHEN t = 'A,B,C' THEN c ELSE tb END = 'Q'
IF(id > 2, t, c) = 'AB'
IFNULL(t, 'X') = 'x'
COALESCE(t, tb) = 'ÄPFEL'
NULLIF(t, 'HELLO WORLD')
t = 'a,b,c '
'a' = 'A'
'a' = 'A '
'a' = 'Á'
'a' COLLATE utf8mb4_bin = 'A'
MD5(t) = UPPER(MD5(t))
query: SELECT v.id FROM v JOIN v AS w ON v.t = w.tb ORDER BY v.id
query: SELECT id FROM v WHERE t = (SELECT 'HELLO WORLD') ORDER BY id
query: SELECT id FROM v WHERE t IN (SELECT UPPER(t) FROM v) ORDER BY id
query: SELECT id FROM v WHERE UPPER(tb) IN (SELECT t FROM v) ORDER BY id
query: SELECT id FROM v WHERE tb IN (SELECT tb FROM v WHERE tb = 'hello') ORDER BY id
query: SELECT id FROM v WHERE t = ANY (SELECT tb FROM v) ORDER BY id
query: SELECT id FROM v ORDER BY t, id
query: SELECT id FROM v ORDER BY tb, id
query: SELECT id FROM v ORDER BY t COLLATE utf8mb4_bin, id
query: SELECT COUNT(*) AS n FROM v GROUP BY CONCAT(IF(id > 2, 'a', 'A'), '') ORDER BY n
# regular expressions
t REGEXP 'hello'
t REGEXP '^HELLO'
t REGEXP 'world$'
t REGEXP '[a-c],[a-c]'
t REGEXP '[[:digit:]]+'
t REGEXP '\\d{2}'
t REGEXP '\\bworld\\b'
t REGEXP 'ä'
t REGEXP '^.pfel$'
t REGEXP 'l{2}'
t REGEXP '(lo|ab)'
t REGEXP '(?:lo|ab) '
t REGEXP NULL
t REGEXP '^$'
t NOT REGEXP 'o'
t RLIKE 'W.R'
tb REGEXP 'hello'
tb REGEXP '^Hel+o$'
tb REGEXP 'www\\.'
tb REGEXP '\\.com$'
i REGEXP '^1'
n REGEXP '\\.'
e REGEXP '^S'
st REGEXP 'B'
t REGEXP 'h[^a]l'
t REGEXP '^[^a-z]'
t REGEXP 'x*'
'a\nb' REGEXP 'a\\sb'
'a.b' REGEXP 'a\\.b'
'a+b' REGEXP 'a\\+b'
'a{b' REGEXP 'a{b'
'tab\t' REGEXP '\\t'
'foo-bar' REGEXP '^[\\w-]+$'
'foo bar' REGEXP '^\\w+\\W\\w+$'
'aXbX' REGEXP '(.)b\\1'
'aa' REGEXP '(a)\\1'
t REGEXP BINARY 'hello'
t REGEXP BINARY '^Hel+o'
refused: t REGEXP BINARY 'h.llo'
refused: t REGEXP b
REGEXP_REPLACE('abc123', '[0-9]+', '#')
REGEXP_REPLACE(t, '[aeiou]', '*')
REGEXP_REPLACE(t, 'L', '*')
REGEXP_REPLACE(tb, 'L', '*')
REGEXP_REPLACE(tb, '([a-z])([a-z])', '\\2\\1')
REGEXP_REPLACE(t, '\\s+', '_')
refused: REGEXP_REPLACE(t, '^', '>')
refused: REGEXP_REPLACE(t, 'x*', '>')
REGEXP_REPLACE(t, '^h', '>')
REGEXP_REPLACE(t, 'd$', '>')
REGEXP_REPLACE(t, '\\bw', '>')
REGEXP_REPLACE(t, 'z', '')
REGEXP_REPLACE(NULL, 'a', 'b')
REGEXP_REPLACE(t, 'a', NULL)
REGEXP_SUBSTR(t, '[a-z]+')
REGEXP_SUBSTR(t, 'W[a-z]+')
REGEXP_SUBSTR(tb, 'w[a-z]+')
REGEXP_SUBSTR(t, '[0-9]+')
REGEXP_SUBSTR(t, 'zzz')
REGEXP_SUBSTR(NULL, 'a')
REGEXP_INSTR(t, 'o')
REGEXP_INSTR(t, 'O')
REGEXP_INSTR(tb, 'O')
REGEXP_INSTR(t, 'zzz')
REGEXP_INSTR(t, '[0-9]')
refused: t REGEXP 'a++'
refused: t REGEXP '(?<n>a)'
refused: t REGEXP '\\p{L}'
refused: t REGEXP '\\Qa.b\\E'
refused: '~' REGEXP '[[.tilde.]]'
refused: REGEXP_REPLACE(t, 'l', '\\')
REGEXP_REPLACE(t, 'l', '\\\\')
REGEXP_REPLACE(t, 'l', '&')
REGEXP_REPLACE(t, 'l', '$1')
REGEXP_REPLACE(t, '(l)', '<\\1>')
REGEXP_REPLACE(t, 'l', '\\0\\0')
'x]y' REGEXP '[]]'
'a-b' REGEXP '[a\\-z]-'
'foo' REGEXP '[[:alpha:]]{3}'
