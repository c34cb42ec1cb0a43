# session
CHARSET(t)
COLLATION(t)
COLLATION(tb)
CHARSET(i)
CONNECTION_ID() > 0
SLEEP(0)
SLEEP(0.01) + 1
LENGTH(UUID())
UUID() = UUID()
NAME_CONST('x', 5)
GET_LOCK('godwit_a', 1) + RELEASE_LOCK('godwit_a')
RELEASE_LOCK('godwit_nobody')
IS_FREE_LOCK('godwit_nobody')
IS_USED_LOCK('godwit_nobody')
CONCAT(GET_LOCK('godwit_b', 0), IS_FREE_LOCK('godwit_b'), RELEASE_LOCK('godwit_b'))
IS_USED_LOCK('godwit_c') IS NULL
refused: BENCHMARK(10, 1 + 1)
refused: COERCIBILITY(t)
refused: UUID_SHORT()
refused: RELEASE_ALL_LOCKS()
