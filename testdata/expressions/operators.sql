# division and remainder
i / s
i / 2
i / 0
n / 3
n / 3 * 3
1 / 3 * 3
(i / 3) + (i / 7)
-(i / 3)
i DIV s
i DIV 0
n DIV 0.5
i % s
i % 0
n % 0.3
MOD(f, 0.4)
f / 3
big / 3
ub DIV 2
n / i > 1
ROUND(i / 3, 2)
FLOOR(i / 3)
CAST(i / 3 AS SIGNED)
CONCAT(i / 3)
i + s
s + s
s * 1000
i * i
i * big
u * 2
# bits
i & 4
u & 255
u | 8
i | 1
i ^ s
~i
~0
~u
1 << 3
i << 2
u >> 1
i >> 1
1 << 64
big >> 3
2 * 3 ^ 1
1 | 2 & 3
5 & 4 = 4
# conditions
(i > 0) + 10
i XOR s
!i
NOT i
i AND s
i OR NULL
i IS TRUE
i IS NOT FALSE
i IS UNKNOWN
TRUE + TRUE
3 IS TRUE
i <=> s
t <=> NULL
IF(i, 'yes', 'no')
i BETWEEN 0 AND 50
i IN (5, 0, NULL)
i NOT IN (5, 0)
NOT (i = 5)
t AND 1
n AND 1
i = '5'
t = 12
t > 5
t + 0
t * 2
-t
n = '12.34'
query: SELECT id FROM v WHERE i ORDER BY id
query: SELECT id FROM v WHERE t ORDER BY id
query: SELECT SUM(i > 0), SUM(i IS NULL), COUNT(i = 5 OR NULL), SUM(t), AVG(i), AVG(n), AVG(i) * 2, SUM(i / 3) FROM v
