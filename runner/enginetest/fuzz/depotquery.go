package fuzz

import "maps"

// DepotQuery is a query over the tables of DepotSetup, by a third author's grammar.
func (g *Generator) DepotQuery() *Node {
	f := depotForms[g.r.IntN(len(depotForms))]
	g.depth = 1 + g.r.IntN(3)
	g.overDepot(f.tables)
	return g.expand(depotRules, Other, f.text)
}

// depotRules are the rules of queries with those of expressions.
var depotRules = func() grammar {
	out := maps.Clone(depotValues)
	maps.Copy(out, grammar{
		"w":    {"", "", " WHERE <cnd>", " WHERE <cnd>", " WHERE <cnd> AND <cnd>", " WHERE <num>"},
		"w2":   {"", " WHERE d.id < 4", " WHERE d.live"},
		"w3":   {"", " WHERE r.val > 0", " WHERE r.id < 4"},
		"agg1": {"COUNT(*)", "SUM(r.val)", "MAX(r.at)", "AVG(r.code)", "MIN(r.val) + 1", "GROUP_CONCAT(r.id ORDER BY r.id)", "COUNT(DISTINCT r.unit)", "SUM(r.val > 0)", "MAX(r.val) - <num>", "COUNT(*) > <num>"},
		"on":   {"", "", "", " AND <cnd>"},
		"its":  {"<any> AS c1", "<any> AS c1, <any> AS c2", "<any> AS c1, <x> AS c2, <any> AS c3"},
		"kind": {"JOIN", "INNER JOIN", "LEFT JOIN", "LEFT OUTER JOIN", "RIGHT JOIN", "STRAIGHT_JOIN"},
		"agg": {"COUNT(*)", "COUNT(<any>)", "COUNT(DISTINCT <x>)", "COUNT(DISTINCT <ncol>, <ncol>)", "SUM(<x>)", "SUM(<num>)", "SUM(DISTINCT <num>)", "AVG(<num>)", "AVG(<x>)", "MIN(<num>)", "MAX(<num>)", "MIN(<dat>)", "MAX(<mom>)", "MAX(<tim>)", "MIN(<txt> COLLATE utf8mb4_bin)", "BIT_OR(<num>)", "BIT_AND(<ncol>)", "BIT_XOR(<num>)", "STD(<num>)", "VAR_SAMP(<num>)", "VARIANCE(<ncol>)", "GROUP_CONCAT(<num> ORDER BY <num> SEPARATOR '+')", "GROUP_CONCAT(DISTINCT <ncol> ORDER BY <ncol> DESC)", "GROUP_CONCAT(r.id, ':', <x> ORDER BY r.id)",
			"SUM(<cnd>)", "SUM(CASE WHEN <cnd> THEN <num> ELSE 0 END)", "COUNT(IF(<cnd>, 1, NULL))", "COUNT(*) + SUM(<num>)", "IFNULL(AVG(<num>), <num0>)", "MAX(<num>) > MIN(<num>)", "CONCAT(MIN(<num>), '..', MAX(<num>))", "SUM(<num>) / COUNT(*)", "ROUND(AVG(<num>), 2)", "AVG(<num>) IS NULL", "NULLIF(SUM(<num>), 0)", "CASE COUNT(*) WHEN 0 THEN 'no' WHEN 1 THEN 'one' ELSE COUNT(*) END", "GREATEST(COUNT(*), MAX(<num>))", "MAX(<num>) IN (<num0>, 1, 20.5)", "TIMESTAMPDIFF(HOUR, MIN(<mcol>), MAX(<mcol>))", "DATE_ADD(MIN(<mcol>), INTERVAL COUNT(*) DAY)", "YEAR(MAX(<mcol>))", "SUM(<num>) % 5", "-COUNT(*)", "NOT COUNT(<x>)", "FORMAT(SUM(<num>), 1)", "COALESCE(MAX(<dat>), MIN(<mom>))", "JSON_ARRAYAGG(<ncol>)", "SUM(<num>) <=> NULL", "LEAST(SUM(<num>), 100)", "SUM(<num>) DIV COUNT(<num>)", "BIT_COUNT(BIT_OR(<ncol>))", "HEX(MAX(<ncol>))", "ANY_VALUE(1)"},
		"by":   {"d.kind", "d.site", "r.unit", "r.device", "r.code", "d.live", "YEAR(r.at)", "MONTH(r.at)", "DATE(r.at)", "r.val > 0", "r.val IS NULL", "r.code % 2", "FLOOR(r.val / 10)", "DATE_FORMAT(r.at, '%Y%m')", "IF(r.ok, 'y', 'n')", "CASE WHEN r.val < 0 THEN -1 WHEN r.val > 0 THEN 1 END", "d.caps", "d.made", "IFNULL(r.ok, 9)", "ABS(r.val)", "HOUR(r.at)", "LEFT(d.serial, 1)", "d.made IN (1999, 2020)"},
		"hav":  {"", "", " HAVING <agg> [[>|<=|<>|=]] <num0>", " HAVING COUNT(*) [[>|>=]] [[1|2]]", " HAVING a1 [[>|<|IS NOT NULL AND 1 <]] 2", " HAVING a1 IS [[|NOT ]]NULL", " HAVING <agg> IN (1, 2, NULL)", " HAVING NOT <agg>", " HAVING <agg> BETWEEN -5 AND 100", " HAVING k IS NOT NULL AND <agg> > 0", " HAVING (SELECT COUNT(*) FROM tag q WHERE q.weight > <agg>) > 1", " HAVING a1 = (SELECT MAX(q.weight) FROM tag q)"},
		"sort": {"<num>", "<ncol>", "<dat>", "<mom>", "<cnd>", "<tim>", "<ncol> IS NULL", "<tcol> COLLATE utf8mb4_bin", "CASE WHEN <cnd> THEN <num> END", "d.kind", "d.caps", "LENGTH(<tcol>)", "(SELECT MAX(q.weight) FROM tag q WHERE q.device = d.id)", "NULL"},
		"dir":  {"", "", " ASC", " DESC", " DESC"},
		"lim":  {"", "", " LIMIT 2", " LIMIT 1, 2", " LIMIT 3 OFFSET 2", " LIMIT 0", " LIMIT 100"},
		"u":    {"UNION", "UNION DISTINCT", "UNION ALL", "UNION ALL"},
		"win":  {"ROW_NUMBER() OVER (<o>)", "RANK() OVER (<p>ORDER BY <t>)", "DENSE_RANK() OVER (<p>ORDER BY <t>)", "SUM(<num>) OVER (<p><o><f>)", "SUM(<num>) OVER (<p>ORDER BY <t>)", "COUNT(*) OVER (<p>ORDER BY <t>)", "AVG(<num>) OVER (<p><o><f>)", "MIN(<num>) OVER (<p><o><f>)", "MAX(<mom>) OVER (<p>)", "COUNT(<any>) OVER (<p><o><f>)", "LAG(<x>) OVER (<p><o>)", "LEAD(<num>, 2, <num>) OVER (<o>)", "FIRST_VALUE(<x>) OVER (<p><o>)", "LAST_VALUE(<num>) OVER (<p><o><f>)", "NTH_VALUE(<num>, 2) OVER (<o>)", "NTILE([[2|4]]) OVER (<o>)", "CUME_DIST() OVER (<p>ORDER BY <t>)", "PERCENT_RANK() OVER (ORDER BY <t>)", "SUM(r.code) OVER (ORDER BY r.id RANGE BETWEEN [[1|2]] PRECEDING AND [[CURRENT ROW|1 FOLLOWING]])", "COUNT(*) OVER (ORDER BY r.at RANGE INTERVAL 1 DAY PRECEDING)", "<num> - LAG(<num>, 1, 0) OVER (<o>)", "COUNT(*) OVER () * <num>", "SUM(r.val) OVER (<p>) / SUM(r.val) OVER ()", "CASE WHEN ROW_NUMBER() OVER (<p><o>) = 1 THEN <x> END", "VAR_POP(r.code) OVER (<p>)"},
		"p":    {"", "PARTITION BY r.device ", "PARTITION BY r.unit ", "PARTITION BY r.ok ", "PARTITION BY YEAR(r.at) ", "PARTITION BY r.val > 0, r.unit "},
		"o":    {"ORDER BY r.id", "ORDER BY r.id DESC", "ORDER BY r.at, r.id", "ORDER BY r.val DESC, r.id", "ORDER BY r.unit, r.id", "ORDER BY r.ok, -r.id"},
		"t":    {"r.val", "r.at", "r.unit DESC", "r.code % 2", "DATE(r.at) DESC", "r.ok, r.val"},
		"f":    {"", "", " ROWS UNBOUNDED PRECEDING", " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", " ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING", " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"},
		"sub":  {"(SELECT q.device AS k, COUNT(*) AS n, SUM(q.val) AS v, MAX(q.at) AS m FROM reading q GROUP BY q.device)", "(SELECT q.device AS k, q.weight AS n, q.weight * 1.5 AS v, q.since AS m FROM tag q)", "(SELECT q.id AS k, q.level AS n, q.big AS v, q.boot AS m FROM device q ORDER BY q.id LIMIT 4)", "(SELECT 1 AS k, 2 AS n, NULL AS v, '2024-01-01' AS m UNION ALL SELECT 3, 4.5, 1, NULL)", "(SELECT DISTINCT q.parent AS k, q.id AS n, q.budget AS v, q.opened AS m FROM site q)"},
	})
	return out
}()

// depotForms are the forms of queries with the tables that their expressions are about.
var depotForms = []struct{ tables, text string }{
	{"", "SELECT <its>"},
	{"", "SELECT <any> AS c1, <any> AS c2, <x> <=> <x> AS c3"},
	{"s=site", "SELECT s.id, <its> FROM site s<w>"},
	{"d=device", "SELECT d.id, <its> FROM device d<w>"},
	{"r=reading", "SELECT r.id, <its> FROM reading r<w>"},
	{"d=device", "SELECT d.id, <its> FROM device AS d<w> ORDER BY <sort><dir>, d.id<dir><lim>"},
	{"d=device r=reading", "SELECT d.id, r.id AS rid, <its> FROM device d <kind> reading r ON r.device = d.id<on><w>"},
	{"s=site d=device", "SELECT s.id, d.id AS did, <its> FROM site s <kind> device d ON s.id = d.site<on><w>"},
	{"s=site d=device r=reading", "SELECT s.id, d.id AS did, r.id AS rid, <its> FROM site s <kind> device d ON d.site = s.id <kind> reading r ON r.device = d.id<on><w>"},
	{"s=site d=device t=tag", "SELECT s.code, d.serial, t.name, <its> FROM device d LEFT JOIN (tag t CROSS JOIN site s) ON t.device = d.id AND s.id = d.site<w>"},
	{"d=device t=tag", "SELECT d.id, t.name, <its> FROM device d, tag t WHERE t.device = d.id AND <cnd>"},
	{"d=device t=tag", "SELECT d.id, t.device, <its> FROM device d LEFT JOIN tag t ON <cnd> WHERE d.id < 3"},
	{"s=site p=site", "SELECT s.id, p.id AS pid, <its> FROM site s [[LEFT |]]JOIN site p ON p.id = s.parent<on><w> ORDER BY s.id<dir><lim>"},
	{"r=reading t=tag", "SELECT device, <its> FROM reading r JOIN tag t USING (device)<w>"},
	{"d=device r=reading", "SELECT <by> AS k, <agg> AS a1 FROM device d JOIN reading r ON r.device = d.id<w> GROUP BY k<hav>"},
	{"d=device r=reading", "SELECT <agg> AS a1, <agg> AS a2, 1 AS k FROM device d LEFT JOIN reading r ON r.device = d.id<w>"},
	{"d=device r=reading", "SELECT d.kind AS k, d.live, <agg> AS a1 FROM device d JOIN reading r ON r.device = d.id<w> GROUP BY d.kind, d.live<hav> ORDER BY [[1, 2|d.live, k|COUNT(*) DESC, 1, 2|a1, 1, 2|SUM(r.val), d.kind, d.live]]<lim>"},
	{"d=device r=reading", "SELECT r.device AS k, d.live, <agg> AS a1[[|, GROUPING(r.device) AS g]] FROM device d JOIN reading r ON r.device = d.id<w> GROUP BY r.device, d.live WITH ROLLUP<hav>"},
	{"r=reading", "SELECT YEAR(r.at) AS k, <agg> AS a1 FROM reading r<w> GROUP BY YEAR(r.at) WITH ROLLUP"},
	{"r=reading", "SELECT COALESCE(r.device, 'all') AS k, <agg> AS a1, SUM(r.code) AS a2 FROM reading r GROUP BY r.device WITH ROLLUP"},
	{"d=device r=reading", "SELECT d.id, d.serial, <agg> AS a1, <x> AS e FROM device d LEFT JOIN reading r ON r.device = d.id GROUP BY d.id, r.id<hav>"},
	{"r=reading", "SELECT 1 AS k, <agg> AS a1 FROM reading r WHERE <cnd> HAVING <agg> > <num0>"},
	{"r=reading", "SELECT r.id, <win> AS w1 FROM reading r<w>"},
	{"r=reading", "SELECT r.id, <win> AS w1, <win> AS w2 FROM reading r ORDER BY w1<dir>, r.id<lim>"},
	{"r=reading", "SELECT z.g, COUNT(*) AS n, MAX(z.w1) AS m FROM (SELECT r.unit IS NULL AS g, <win> AS w1 FROM reading r<w>) z GROUP BY z.g"},
	{"r=reading", "SELECT r.device, COUNT(*) AS n, RANK() OVER (ORDER BY [[SUM(r.val)|COUNT(*)|MAX(r.at)]] DESC) AS rk, SUM(COUNT(*)) OVER (ORDER BY r.device) AS run FROM reading r<w> GROUP BY r.device"},
	{"r=reading", "SELECT r.id, SUM(r.code) OVER w AS a, LAG(r.val) OVER w AS b FROM reading r<w> WINDOW w AS (<p>ORDER BY r.id)"},
	{"d=device", "SELECT <x> AS c1, <x> AS c2 FROM device d<w2> UNION ALL SELECT <x>, <x> FROM device d<w>"},
	{"d=device", "SELECT d.id AS k, <x> AS c1 FROM device d <u> SELECT <num>, <x> FROM device d<w> ORDER BY k<dir>[[|, 2]]"},
	{"d=device", "(SELECT d.id, <num> AS c1 FROM device d ORDER BY d.id DESC LIMIT 2) <u> (SELECT d.id, <num> FROM device d WHERE <cnd> ORDER BY d.id LIMIT 3)"},
	{"d=device", "SELECT COUNT(*) AS n, SUM(z.c) AS s, MAX(z.c) AS m FROM (SELECT <num> AS c FROM device d UNION SELECT <num> FROM device d) z"},
	{"d=device", "SELECT COUNT(*) AS n, COUNT(DISTINCT z.c) AS s FROM (SELECT <x> AS c FROM device d<w>) z"},
	{"d=device", "SELECT DISTINCT <num> AS c1, <cnd> AS c2 FROM device d<w>"},
	{"d=device", "SELECT DISTINCT <num> AS c1 FROM device d<w> ORDER BY c1<dir><lim>"},
	{"d=device", "SELECT d.id, z.n, z.v, <its> FROM device d <kind> <sub> z ON z.k = d.id<on><w>"},
	{"d=device", "SELECT d.id, z.n * 2 AS n, z.v + 1 AS v, z.m FROM device d LEFT JOIN <sub> z ON z.n [[>|=|<>]] d.id WHERE z.v IS NULL OR z.v > d.level"},
	{"d=device", "SELECT d.id, (SELECT <agg1> FROM reading r WHERE r.device = d.id<on>) AS c1, <any> AS c2 FROM device d<w>"},
	{"d=device", "SELECT d.id FROM device d WHERE (SELECT COUNT(*) FROM reading r WHERE r.device = d.id AND <cnd>) [[>|=|<]] <num>"},
	{"d=device r=reading", "SELECT r.id, <num> AS c1 FROM reading r JOIN device d ON d.id = r.device WHERE r.val [[>=|=|<]] (SELECT [[MAX|AVG|MIN]](q.val) FROM reading q WHERE q.device = r.device)"},
	{"d=device", "SELECT d.id, <num> AS c1 FROM device d WHERE d.id [[|NOT ]]IN (SELECT q.device FROM reading q WHERE <cnd>)"},
	{"d=device", "SELECT d.id AS k, <num> AS c1, <x> AS c2 FROM device d HAVING c1 [[>|<|<>|=]] <num0> ORDER BY k"},
	{"d=device", "WITH z AS (SELECT d.id, <num> AS v, <txt> AS s FROM device d<w>) SELECT a.id, b.id AS bid, a.v - b.v AS df, a.s = b.s AS eq FROM z a LEFT JOIN z b ON b.id = a.id + 1"},
	{"d=device", "WITH z (k, v) AS (SELECT d.kind, <num> FROM device d), y AS (SELECT k, COUNT(*) AS n, SUM(v) AS s FROM z GROUP BY k) SELECT y.k, y.n, y.s, (SELECT MAX(s) FROM y) AS mx FROM y WHERE y.n > [[0|1]]"},
	{"s=site", "WITH RECURSIVE tree (id, lvl, path) AS (SELECT id, 0, CAST(code AS CHAR(100)) FROM site WHERE parent IS NULL UNION ALL SELECT c.id, t.lvl + 1, CONCAT(t.path, '>', c.code) FROM site c JOIN tree t ON t.id = c.parent) SELECT s.id, tree.lvl, tree.path, <any> AS c1 FROM tree JOIN site s ON s.id = tree.id<w>"},
	{"d=device", "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i [[+ 1|* 2|+ 3]] FROM n WHERE i < [[5|20|7]]) SELECT n.i, d.serial, <x> AS c1 FROM n LEFT JOIN device d ON d.id = n.i<w>"},
	{"d=device", "WITH RECURSIVE n AS (SELECT 0 AS i, CAST('' AS CHAR(20)) AS s UNION ALL SELECT i + 1, CONCAT(s, CHAR(97 + i USING utf8mb4)) FROM n WHERE i < 4) SELECT i, s, LENGTH(s) AS l FROM n[[| WHERE i % 2 = 0]] ORDER BY i<dir>"},
	{"s=site", "SELECT s.id, [[s.meta ->> '$.floors'|s.meta -> '$.tags[0]'|JSON_LENGTH(s.meta -> '$.tags')|s.meta ->> '$.floors' > 2|JSON_EXTRACT(s.meta, '$.floors') = 4|JSON_UNQUOTE(s.meta -> '$.geo.lat') + 1|JSON_TYPE(s.meta -> '$.floors')|CAST(s.meta AS CHAR)|JSON_CONTAINS(s.meta, '\"a\"', '$.tags')|s.meta IS NULL]] AS j, <its> FROM site s<w>"},
	{"d=device", "SELECT d.id, d.caps + 0 AS n, d.kind + 0 AS k, [[d.caps & 1|d.caps = 'usb'|d.caps LIKE '%usb%'|FIND_IN_SET('usb', d.caps) > 0|d.kind > 'fan'|d.kind = 2|d.kind IN ('fan', 'x')|d.bits + 0|BIN(d.bits)|d.bits & 3|HEX(d.bits)|d.bits > 4]] AS c1 FROM device d<w> ORDER BY [[d.kind|d.caps|d.kind + 0]]<dir>, d.id"},
	{"d=device", "SELECT d.id, [[d.big + 1|d.ubig - 1|d.big - d.ubig|d.ubig + 1|d.level - 128|d.ubig * 2|-d.big|ABS(d.big)|d.ubig / 3|d.big DIV -1|d.ubig % 10|CAST(d.ubig AS SIGNED)|CAST(d.big AS UNSIGNED)|d.ubig > -1|d.ubig = d.big|~d.ubig|d.ubig >> 60|d.ubig + 0.5|d.big * 1e0|d.made - 2000|d.made + 0|ROUND(d.big, -3)|d.id - 3]] AS c1 FROM device d WHERE d.id <> [[1|2|3|4|5|0]]"},
	{"d=device", "SET @v = <num>, @w = <txt>;;SELECT d.id, @v + <num> AS c1, CONCAT(@w, <x>) AS c2, @v [[=|<|>]] <x> AS c3 FROM device d<w>"},
	{"r=reading", "SELECT COUNT(*), MAX(<num>) INTO @v, @w FROM reading r<w3>;;SELECT @v AS v, @w AS w, @v * 2 AS t"},
	{"d=device", "SELECT d.id, IF(@@autocommit, <num>, 0) AS c1 FROM device d<w> ORDER BY FIELD(d.kind, 'valve', 'pump'), d.id<lim>"},
	{"d=device", "PREPARE st FROM 'SELECT id, serial, ? AS p FROM device WHERE id > ? AND serial LIKE ? ORDER BY id';;SET @p = <num>, @q = [[1|'2'|2.5]], @r = [['%0%'|'p%']];;EXECUTE st USING @p, @q, @r;;DEALLOCATE PREPARE st"},
	{"d=device", "SELECT d.id, CASE d.kind WHEN 'pump' THEN <x> WHEN 'fan' THEN <x> ELSE <x> END AS c1, CASE WHEN d.level > 0 THEN 'pos' WHEN d.level < 0 THEN 'neg' END AS c2 FROM device d"},
}
