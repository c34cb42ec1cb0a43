package fuzz

import (
	"maps"
	"strings"
)

// ShopQuery is a query over the tables of a shop, of a form that applications have: reports with sums of sums, ranks and running totals, hierarchies,
// pages, unions of unlike things, subqueries in every place.
func (g *Generator) ShopQuery() *Node {
	f := shopForms[g.r.IntN(len(shopForms))]
	g.depth = 1 + g.r.IntN(3)
	g.over(f.tables)
	return g.bareShop(g.expand(shopRules, Other, f.text))
}

// bareShop takes the sign for a prefix out of a text.
func (g *Generator) bareShop(n *Node) *Node {
	visit(n, func(k *Node) bool {
		for i := range k.Text {
			k.Text[i] = strings.ReplaceAll(k.Text[i], "§", "")
		}
		return true
	})
	return n
}

// shopRules are the rules of queries with those of expressions.
var shopRules = func() grammar {
	out := maps.Clone(shopValues)
	maps.Copy(out, grammar{
		"any":   {"<num>", "<num>", "<txt>", "<txt>", "<dat>", "<mom>", "<cnd>"},
		"where": {"", "", " WHERE <cnd>", " WHERE <cnd>", " WHERE <num> > <num>"},
		"and":   {"", "", " AND <cnd>"},
		"agg": {"COUNT(*)", "COUNT([[|DISTINCT ]]<any>)", "SUM(<num>)", "SUM(<num>)", "AVG(<num>)", "MIN(<any>)", "MAX(<num>)", "MAX(<txt> COLLATE utf8mb4_bin)", "MIN(<dat>)", "MAX(<mom>)", "SUM(IF(<cnd>, 1, 0))", "SUM(<cnd>)", "COUNT(CASE WHEN <cnd> THEN 1 END)", "COUNT(DISTINCT <num>, <txt>)", "SUM(DISTINCT <num>)", "AVG(DISTINCT <ncol>)",
			"GROUP_CONCAT(DISTINCT <ncol> ORDER BY <ncol> SEPARATOR ';')", "SUM(<num>) / COUNT(*)", "ROUND(AVG(<num>), 2)", "ROUND(SUM(<num>) / NULLIF(COUNT(<num>), 0), 1)", "IFNULL(SUM(<num>), 0)", "MAX(<num>) - MIN(<num>)", "IF(COUNT(*) > 1, 'many', 'one')", "CASE WHEN SUM(<num>) > <lit> THEN 'big' WHEN COUNT(*) = 1 THEN 'one' ELSE 'small' END", "CONCAT(COUNT(*), ' of ', MAX(<num>))", "COALESCE(MAX(<dat>), 'never')", "DATEDIFF(MAX(<dat>), MIN(<dat>))",
			"BIT_OR(<ncol>)", "BIT_AND(<ncol>)", "BIT_XOR(<ncol>)", "VAR_POP(<ncol>)", "STDDEV_SAMP(<ncol>)", "SUM(<num>) * 100 / (SELECT SUM(z.amount) FROM items z)", "AVG(<num>) > <lit>", "MIN(<num>) + MAX(<num>) * 2", "JSON_ARRAYAGG(<ncol>)", "FORMAT(SUM(<num>), 2)", "LENGTH(GROUP_CONCAT(<tcol>))", "YEAR(MAX(<dat>))", "DATE_FORMAT(MAX(<mom>), '%Y-%m')", "SUM(<num>) DIV 2", "MOD(SUM(<num>), 7)", "GREATEST(SUM(<num>), COUNT(*))", "NULLIF(COUNT(*), 1)", "-SUM(<num>)", "CAST(AVG(<num>) AS SIGNED)", "CAST(SUM(<num>) AS CHAR)", "UPPER(MAX(<tcol> COLLATE utf8mb4_bin))"},
		"lit":    {"0", "1", "2", "5", "10", "100", "2.5", "(SELECT AVG(z.qty) FROM items z)", "(SELECT COUNT(*) FROM staff)"},
		"having": {"", "", " HAVING <agg> [[>|<|>=|<>|=]] <lit>", " HAVING COUNT(*) > 1", " HAVING x [[>|<]] <lit>", " HAVING COUNT(*) BETWEEN 1 AND <lit>", " HAVING SUM(<num>) IS NOT NULL AND x <> 0", " HAVING MAX(<num>) IN (1, 2, 10)", " HAVING x > ALL (SELECT z.qty FROM items z WHERE z.pos = 3)", " HAVING NOT (COUNT(*) > 2 OR x IS NULL)"},
		"over":   {"ORDER BY <key>", "PARTITION BY <part> ORDER BY <key>", "PARTITION BY <part> ORDER BY <key>", "PARTITION BY <part>", ""},
		"part":   {"o.status", "o.client", "YEAR(o.placed)", "o.total IS NULL", "l.good", "l.ord", "l.qty > 1", "MONTH(o.placed), o.status"},
		"key":    {"o.id, l.pos", "o.id DESC, l.pos", "o.placed, o.id, l.pos DESC", "l.amount DESC, o.id, l.pos", "o.total, l.unit, o.id, l.pos", "o.status, o.id, l.pos", "-o.id, l.pos", "l.qty * l.unit DESC, o.id, l.pos"},
		"peer":   {"o.id", "o.status", "l.qty", "o.total DESC", "YEAR(o.placed)", "l.good, l.qty", "DATE(o.placed)"},
		"frame":  {"", "", " ROWS BETWEEN [[1|2|UNBOUNDED]] PRECEDING AND [[CURRENT ROW|1 FOLLOWING|UNBOUNDED FOLLOWING]]", " ROWS [[2|UNBOUNDED]] PRECEDING"},
		"peers":  {"RANK()", "DENSE_RANK()", "COUNT(*)", "SUM(l.qty)", "MAX(l.amount)", "AVG(l.qty)", "MIN(o.id)", "PERCENT_RANK()", "SUM(l.unit)"},
		"win": {"ROW_NUMBER() OVER (ORDER BY <key>)", "ROW_NUMBER() OVER (PARTITION BY <part> ORDER BY <key>)", "<peers> OVER (ORDER BY <peer>)", "<peers> OVER (PARTITION BY <part> ORDER BY <peer>)", "SUM(<num>) OVER (PARTITION BY <part> ORDER BY <key><frame>)", "COUNT(<any>) OVER (PARTITION BY <part> ORDER BY <key><frame>)", "AVG(<num>) OVER (ORDER BY <key><frame>)", "SUM(<num>) OVER (<over>)", "LAG([[l.amount|o.total|o.placed|l.qty]][[|, 1|, 2]]) OVER (PARTITION BY <part> ORDER BY <key>)", "LEAD(<num>, 1, [[0|-1]]) OVER (ORDER BY <key>)",
			"FIRST_VALUE(<any>) OVER (PARTITION BY <part> ORDER BY <key>)", "LAST_VALUE(<num>) OVER (PARTITION BY <part> ORDER BY <key> ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)", "l.amount / SUM(l.amount) OVER (PARTITION BY <part>)", "ROUND(100 * l.amount / SUM(l.amount) OVER (), 1)", "l.qty - LAG(l.qty, 1, 0) OVER (ORDER BY <key>)", "NTILE(3) OVER (ORDER BY <key>)", "IF(RANK() OVER (ORDER BY <peer>) = 1, 'top', 'rest')", "CONCAT('#', ROW_NUMBER() OVER (ORDER BY <key>))", "MAX(<num>) OVER (PARTITION BY <part>) - <num>", "COALESCE(LEAD(<txt>) OVER (ORDER BY <key>), 'end')", "SUM(IF(<cnd>, <num>, 0)) OVER (<over>)", "DATEDIFF(o.placed, LAG(o.placed) OVER (ORDER BY <key>))", "NTH_VALUE(<num>, 2) OVER (PARTITION BY <part> ORDER BY <key>)"},
		"gkey":  {"<gsort>", "<gsort>", "LEFT(c.email, 1)", "YEAR(o.placed)", "DATE_FORMAT(o.placed, '%Y-%m')", "o.client", "o.total > 50", "MONTH(o.placed) % 2", "IF(o.total > 40, 'hi', 'lo')", "CASE WHEN o.total IS NULL THEN 'none' WHEN o.total < 50 THEN 'low' ELSE 'high' END", "c.joined", "DATE(o.placed)", "QUARTER(o.placed)", "FLOOR(o.total / 100)", "c.tier = 'gold'", "o.total DIV 50", "ROUND(o.total, -1)", "o.note IS NULL"},
		"gsort": {"o.status", "c.tier", "c.agent", "c.active"},
		"sort":  {"<num>", "<dat>", "<mom>", "<cnd>", "<ncol>", "<dcol>", "<mcol>", "-<ncol>", "<ncol> IS NULL, <ncol>", "ABS(<num>)", "FIELD(<tcol>, 'sent', 'gold', 'open')", "CASE WHEN <cnd> THEN 0 ELSE 1 END", "ISNULL(<tcol>)", "LENGTH(<tcol>)", "(SELECT COUNT(*) FROM items z WHERE z.ord = <ncol>)"},
		"dir":   {"", " ASC", " DESC"},
		"page":  {"", "", " LIMIT 3", " LIMIT 2, 3", " LIMIT 4 OFFSET 1"},
		"uni":   {"UNION", "UNION ALL", "UNION ALL"},
		"items": {"<any> AS x", "<any> AS x, <any> AS y", "<any> AS x, <num> AS y, <txt> AS z"},
	})
	return out
}()

// shopForms are the forms of queries with the tables that their expressions are about.
var shopForms = []struct{ tables, text string }{
	{"c=clients", "SELECT <items> FROM clients c<where>"},
	{"c=clients o=orders", "SELECT c.id, <items> FROM clients c [[JOIN|LEFT JOIN|RIGHT JOIN]] orders o ON o.client = c.id<and><where>"},
	{"o=orders l=items", "SELECT o.id, <items> FROM orders o JOIN items l ON l.ord = o.id<where> ORDER BY <sort><dir>, o.id, l.pos<page>"},
	{"c=clients", "SELECT c.id, <any> AS x FROM clients c<where> ORDER BY <sort><dir>, <sort><dir>, c.id<dir><page>"},
	{"c=clients", "SELECT c.id, <num> AS x FROM clients c<where> ORDER BY [[x|2|x IS NULL, x|x + 1|-x|x * 2 DESC, c.credit|IFNULL(x, 0)|ABS(x)]]<dir>, c.id<page>"},
	{"g=goods l=items", "SELECT g.sku, <items> FROM goods g LEFT JOIN items l ON l.good = g.id<and><where>"},
	{"c=clients o=orders l=items g=goods", "SELECT o.id, l.pos, <items> FROM clients c JOIN orders o ON o.client = c.id JOIN items l ON l.ord = o.id LEFT JOIN goods g ON g.id = l.good<where>"},
	{"c=clients o=orders l=items", "SELECT c.id, o.id AS oid, <items> FROM clients c LEFT JOIN (orders o JOIN items l ON l.ord = o.id) ON o.client = c.id AND <cnd><where>"},
	{"c=clients s=staff", "SELECT c.id, s.id AS sid, <items> FROM clients c, staff s WHERE s.id = c.agent AND <cnd>"},
	{"s=staff b=staff", "SELECT s.name, b.name AS boss, <items> FROM staff s LEFT JOIN staff b ON b.id = s.boss<where>"},
	{"s=staff", "SELECT s.id, <items> FROM staff s JOIN goods USING (id) RIGHT JOIN audit USING (id)<where>"},
	{"c=clients s=staff", "SELECT id, <num> AS x FROM clients c JOIN staff s USING (id)<where> ORDER BY id"},
	{"c=clients", "SELECT * FROM (SELECT id, credit, tier FROM clients) c0 NATURAL JOIN (SELECT id, <num> AS y FROM clients c) c"},
	{"c=clients o=orders", "SELECT <gkey> AS k, <agg> AS x, <agg> AS y FROM clients c JOIN orders o ON o.client = c.id<where> GROUP BY k<having>"},
	{"c=clients o=orders", "SELECT <agg> AS x, <agg> AS y FROM clients c LEFT JOIN orders o ON o.client = c.id<where>"},
	{"c=clients o=orders", "SELECT <agg> AS x FROM clients c LEFT JOIN orders o ON o.client = c.id GROUP BY <gkey><having>"},
	{"c=clients o=orders", "SELECT c.id, c.name, <agg> AS x FROM clients c LEFT JOIN orders o ON o.client = c.id<where> GROUP BY c.id<having> ORDER BY [[x|COUNT(*)|SUM(o.total)|MAX(o.placed)|c.credit|x IS NULL]]<dir>, c.id<page>"},
	{"o=orders", "SELECT o.status, YEAR(o.placed) AS y, <agg> AS x FROM orders o<where> GROUP BY o.status, y<having>"},
	{"o=orders", "SELECT o.client, o.status, <agg> AS x[[|, GROUPING(o.status) AS g]] FROM orders o<where> GROUP BY o.client, o.status WITH ROLLUP<having>"},
	{"o=orders", "SELECT IF(GROUPING(o.status), 'all', o.status) AS s, <agg> AS x FROM orders o<where> GROUP BY o.status WITH ROLLUP"},
	{"l=items", "SELECT IFNULL(l.good, 'total') AS g, SUM(l.qty) AS q, <agg> AS x FROM items l<where> GROUP BY l.good WITH ROLLUP"},
	{"o=orders l=items", "SELECT o.id, l.pos, <win> AS w FROM orders o JOIN items l ON l.ord = o.id<where>"},
	{"o=orders l=items", "SELECT o.id, l.pos, <win> AS w, <win> AS v FROM orders o JOIN items l ON l.ord = o.id<where> ORDER BY [[w|v|w DESC]], o.id, l.pos<page>"},
	{"o=orders l=items", "SELECT t.k, COUNT(*) AS n, SUM(t.w) AS s FROM (SELECT o.status AS k, <win> AS w FROM orders o JOIN items l ON l.ord = o.id<where>) t GROUP BY t.k"},
	{"o=orders", "SELECT o.status, SUM(o.total) AS t, SUM(SUM(o.total)) OVER (ORDER BY o.status) AS run, RANK() OVER (ORDER BY COUNT(*) [[DESC|ASC]]) AS r, <agg> AS x FROM orders o<where> GROUP BY o.status"},
	{"o=orders l=items", "SELECT o.client, SUM(l.amount) / SUM(SUM(l.amount)) OVER () AS share, DENSE_RANK() OVER (ORDER BY [[SUM(l.amount)|COUNT(*)|MAX(l.qty)]] DESC) AS r FROM orders o JOIN items l ON l.ord = o.id GROUP BY o.client"},
	{"o=orders l=items", "SELECT * FROM (SELECT o.id, l.pos, l.amount, ROW_NUMBER() OVER (PARTITION BY <part> ORDER BY <key>) AS rn FROM orders o JOIN items l ON l.ord = o.id<where>) t WHERE t.rn [[= 1|<= 2|> 1]]"},
	{"o=orders l=items", "SELECT o.id, l.pos, SUM(l.qty) OVER w AS a, <peers> OVER (w) AS b, ROW_NUMBER() OVER v AS n FROM orders o JOIN items l ON l.ord = o.id<where> WINDOW w AS (PARTITION BY <part>), v AS (ORDER BY <key>)"},
	{"c=clients o=orders", "SELECT <any> AS x FROM clients c<where> <uni> SELECT <any> FROM clients c<where>"},
	{"c=clients", "SELECT c.id AS k, <num> AS x FROM clients c<where> <uni> SELECT c.points, <num> FROM clients c ORDER BY [[1, 2|k, x|k DESC, x DESC]]<page>"},
	{"c=clients", "(SELECT c.id, <num> AS x FROM clients c<where> ORDER BY c.id LIMIT 2) UNION ALL (SELECT c.id, <num> FROM clients c ORDER BY c.id DESC LIMIT 2)"},
	{"c=clients", "SELECT 'a' AS k, c.id, <txt> AS x FROM clients c UNION ALL SELECT 'b', c.credit, <any> FROM clients c UNION ALL SELECT NULL, c.joined, NULL FROM clients c<where>"},
	{"c=clients", "SELECT t.x, t.x + 1 AS y FROM (SELECT <num> AS x FROM clients c UNION ALL SELECT <num> FROM clients c<where>) t WHERE t.x [[> 1|IS NOT NULL|< 100]]"},
	{"c=clients", "SELECT SUM(t.x) AS s, AVG(t.x) AS a, COUNT(t.y) AS n, MAX(t.y COLLATE utf8mb4_bin) AS m FROM (SELECT <num> AS x, <txt> AS y FROM clients c<where>) t"},
	{"c=clients", "SELECT DISTINCT <num> AS x FROM clients c<where> ORDER BY [[x|1|x DESC]]<page>"},
	{"c=clients", "SELECT DISTINCT c.tier, <cnd> AS x FROM clients c<where>"},
	{"c=clients o=orders", "SELECT COUNT(*) FROM (SELECT DISTINCT c.id, <num> AS x FROM clients c JOIN orders o ON o.client = c.id<where>) t"},
	{"c=clients", "SELECT c.id, <num> AS x FROM clients c HAVING x [[> 1|IS NULL|<> 0|BETWEEN 1 AND 100]]"},
	{"s=staff", "WITH RECURSIVE tree AS (SELECT id, name, boss, [[1|0]] AS lvl, CAST(name AS CHAR(200)) AS path FROM staff WHERE boss IS NULL UNION ALL SELECT k.id, k.name, k.boss, t.lvl + 1, CONCAT(t.path, '/', k.name) FROM staff k JOIN tree t ON k.boss = t.id) SELECT s.id, tree.lvl, tree.path, <num> AS x FROM tree JOIN staff s ON s.id = tree.id<where> ORDER BY [[tree.path COLLATE utf8mb4_bin|tree.lvl|tree.lvl DESC]], s.id"},
	{"s=staff", "WITH RECURSIVE d AS (SELECT CAST('2024-02-27' AS DATE) AS day UNION ALL SELECT day + INTERVAL 1 [[DAY|DAY|WEEK]] FROM d WHERE day < '2024-03-03') SELECT d.day, COUNT(s.id) AS n, <agg> AS x FROM d LEFT JOIN staff s ON [[DAYOFWEEK(s.hired) = DAYOFWEEK(d.day)|s.hired < d.day]]<and> GROUP BY d.day<having> ORDER BY d.day"},
	{"s=staff", "WITH RECURSIVE f (n, a, b) AS (SELECT 1, [[0|CAST(0 AS SIGNED)]], 1 UNION ALL SELECT n + 1, b, a + b FROM f WHERE n < [[5|8]]) SELECT f.n, f.a, <num> AS x FROM f JOIN staff s ON s.id = f.n"},
	{"o=orders c=clients", "WITH t AS (SELECT o.client, COUNT(*) AS n, SUM(o.total) AS s FROM orders o GROUP BY o.client), u AS (SELECT MAX(t.n) AS mx, AVG(t.s) AS av FROM t) SELECT t.client, t.n, t.s, u.mx, u.av, t.s - u.av AS d FROM t JOIN u ON [[t.n = u.mx|t.s >= u.av|TRUE]]"},
	{"o=orders c=clients", "WITH t AS (SELECT o.id, o.client, <num> AS x FROM orders o JOIN clients c ON c.id = o.client<where>) SELECT a.id, b.id AS bid, a.x - b.x AS d FROM t a JOIN t b ON b.client = a.client AND b.id > a.id"},
	{"c=clients o=orders", "SELECT c.id, (SELECT <agg> FROM orders o WHERE o.client = c.id<and>) AS x, (SELECT o.status FROM orders o WHERE o.client = c.id ORDER BY o.placed DESC, o.id LIMIT 1) AS last FROM clients c"},
	{"c=clients o=orders", "SELECT c.id FROM clients c WHERE (SELECT <agg> FROM orders o WHERE o.client = c.id<and>) [[>|<|=|<>]] <lit>"},
	{"o=orders", "SELECT o.id, <num> AS x FROM orders o WHERE o.total [[>=|<|=]] (SELECT [[AVG|MAX|MIN]](z.total) FROM orders z WHERE z.[[status = o.status|client = o.client|placed <= o.placed]])"},
	{"o=orders", "SELECT o.client, <agg> AS x FROM orders o GROUP BY o.client HAVING COUNT(*) >= ALL (SELECT COUNT(*) FROM orders z GROUP BY z.client)"},
	{"c=clients o=orders", "SELECT c.tier, (SELECT COUNT(*) FROM orders z JOIN clients y ON y.id = z.client WHERE y.tier = c.tier) AS n, <agg> AS x FROM clients c JOIN orders o ON o.client = c.id GROUP BY c.tier"},
	{"c=clients", "SELECT c.id, CASE WHEN EXISTS (SELECT 1 FROM orders z WHERE z.client = c.id AND z.total > <lit>) THEN <txt> ELSE <txt> END AS x FROM clients c<where>"},
	{"c=clients l=items", "SELECT c.id, t.n, <num> AS x FROM clients c LEFT JOIN (SELECT o.client, COUNT(*) AS n, SUM(l.amount) AS s FROM orders o JOIN items l ON l.ord = o.id GROUP BY o.client) t ON t.client = c.id LEFT JOIN items l ON l.ord = t.n<where>"},
	{"g=goods", "SELECT g.sku, [[JSON_EXTRACT(g.info, '$.color')|g.info ->> '$.color'|g.info -> '$.sizes[0]'|JSON_UNQUOTE(JSON_EXTRACT(g.info, '$.author'))|JSON_LENGTH(g.info, '$.sizes')|JSON_KEYS(g.info)|JSON_TYPE(g.info)|JSON_CONTAINS(g.info, '2', '$.sizes')|g.info ->> '$.pages' + 1|JSON_OBJECT('sku', g.sku, 'price', g.price)|JSON_ARRAY(g.id, g.title, g.weight)]] AS j, <any> AS x FROM goods g<where>"},
	{"g=goods", "SELECT g.id, j.* FROM goods g, JSON_TABLE(g.info, '$.sizes[*]' COLUMNS (n FOR ORDINALITY, size INT PATH '$')) j<where>"},
	{"g=goods", "SELECT [[JSON_ARRAYAGG(g.sku)|JSON_OBJECTAGG(g.sku, g.price)|GROUP_CONCAT(g.tags ORDER BY g.id)|GROUP_CONCAT(g.title, ':', g.price ORDER BY g.price DESC SEPARATOR ' | ')|SUM(g.tags + 0)|MAX(g.tags)|COUNT(DISTINCT g.tags)]] AS x, <agg> AS y FROM goods g<where>"},
	{"g=goods", "SELECT g.id, g.tags + 0 AS t, FIND_IN_SET('eco', g.tags) AS f, g.tags [[= 'eco'|LIKE '%sale%'|> 1|& 4|IN ('eco', '')]] AS c, <any> AS x FROM goods g ORDER BY g.tags<dir>, g.id"},
	{"c=clients", "SELECT c.id, c.tier + 0 AS t, c.tier [[= 'gold'|> 'bronze'|> 1|IN ('gold', 'x')|<> '']] AS x FROM clients c<where> ORDER BY c.tier<dir>, c.id"},
	{"s=staff", "SELECT s.id, [[ADDTIME(s.shift, '01:30:00')|TIMEDIFF(s.shift, '08:00:00')|TIME_TO_SEC(s.shift)|HOUR(s.shift)|s.shift + INTERVAL 30 MINUTE|SEC_TO_TIME(TIME_TO_SEC(s.shift) / 2)|TIME_FORMAT(s.shift, '%H:%i')|s.shift > '09:00'|MAKETIME(HOUR(s.shift), 0, 0)|CAST(s.shift AS CHAR)|s.shift + 0|CONCAT(s.shift, 'h')]] AS t, <any> AS x FROM staff s<where>"},
	{"s=staff", "SELECT s.dept, <agg> AS x, SEC_TO_TIME(AVG(TIME_TO_SEC(s.shift))) AS a, [[MIN|MAX]](s.shift) AS m FROM staff s WHERE s.dept IS NOT NULL GROUP BY s.dept"},
	{"c=clients", "SET @n = <lit>;;SELECT c.id, <num> + @n AS x FROM clients c WHERE <num> > @n"},
	{"c=clients", "SELECT [[COUNT(*)|MAX(c.id)|SUM(c.credit)|AVG(c.points)]] INTO @a FROM clients c<where>;;SELECT @a AS a, @a / 2 AS h, @a > 3 AS g, CONCAT(@a, '!') AS s"},
	{"c=clients", "PREPARE st FROM 'SELECT id, name FROM clients WHERE credit > ? AND id < ? ORDER BY id';;SET @p = <lit>, @q = 5;;EXECUTE st USING @p, @q;;DEALLOCATE PREPARE st"},
	{"c=clients", "SELECT SQL_CALC_FOUND_ROWS c.id FROM clients c<where> ORDER BY c.id LIMIT 2;;SELECT FOUND_ROWS() AS n"},
	{"c=clients o=orders", "SELECT c.id, o.id AS oid FROM clients c CROSS JOIN orders o WHERE (c.id, o.client) [[IN ((1, 1), (5, 6))|= (o.client, c.id)|< (3, 2)]] AND <cnd>"},
	{"c=clients", "SELECT c.city, COUNT(*) AS n, SUM(<num>) AS x FROM clients c GROUP BY c.city COLLATE utf8mb4_bin, c.city<having>"},
	{"c=clients", "SELECT <num> AS id, c.id AS k FROM clients c<where> ORDER BY [[id|c.id|id + 0]], k"},
	{"c=clients", "SELECT c.id AS credit, MAX(c.credit) AS m FROM clients c GROUP BY credit, c.id"},
	{"", "SELECT <any> AS x, <any> AS y, <num> AS z"},
	{"", "SELECT <num> AS x UNION [[|ALL ]]SELECT <num> UNION [[|ALL ]]SELECT <num>"},
	{"c=clients", "SELECT c.id, x.v FROM clients c JOIN (SELECT 1 AS n, <lit> AS v UNION ALL SELECT 2, 20 UNION ALL SELECT 3, NULL) x ON x.n = c.id<where>"},
	{"c=clients", "SELECT c.id, <dat> AS a, <mom> AS b, <dat> + INTERVAL <num> [[DAY|MONTH|HOUR|MINUTE]] AS d FROM clients c<where>"},
}
