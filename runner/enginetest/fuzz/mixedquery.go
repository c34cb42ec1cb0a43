package fuzz

import (
	"fmt"
	"strings"
)

// Mean is a query over the table with a column of every type (or over none): its values are converted between types all the time.
func (g *Generator) Mean() *Node {
	g.depth, g.scope, g.outer, g.inner = 1+g.r.IntN(3), map[Kind][]string{}, false, false
	if g.chance(10) {
		return form(Other, "SELECT $", g.mixedItems(1+g.r.IntN(3)))
	}
	for k, cols := range mixedColumns {
		for _, c := range cols {
			g.scope[k] = append(g.scope[k], "m."+c)
		}
	}
	return g.one(g.mixedPlain, g.mixedPlain, g.mixedPlain, g.mixedPlain, g.mixedGroup, g.mixedGroup, g.mixedJoin, g.mixedLimit, g.mixedUnion, g.mixedWindow,
		g.mixedWindow, g.mixedDerived, g.mixedDocument, g.mixedRecursive, g.mixedVariable)
}

func (g *Generator) anyMixed() *Node { return g.mixed(Number, 100) }

func (g *Generator) mixedItems(n int) *Node {
	var kids []*Node
	for i := range n {
		kids = append(kids, form(Item, fmt.Sprintf("$ AS c%d", i+1), g.anyMixed()))
	}
	return join(Other, kids, ", ")
}

func (g *Generator) mixedWhere() *Node {
	if g.chance(50) {
		return leaf(Other, "")
	}
	return form(Other, " WHERE $", g.mixedCond())
}

func (g *Generator) mixedPlain() *Node {
	return form(Other, "SELECT $ FROM m$", g.mixedItems(1+g.r.IntN(3)), g.mixedWhere())
}

func (g *Generator) mixedAggregate() *Node {
	return g.fill(Number, g.pick("COUNT(*)", "COUNT($a)", "COUNT(DISTINCT $a)", "COUNT(DISTINCT $a, $a)", "SUM($n)", "SUM($s)", "SUM($t)", "AVG($n)", "SUM(DISTINCT $n)", "AVG(DISTINCT $n)", "MIN(m.{da|ti|d2|tm})", "MAX(m.{dm|bu|db|yr})", "MAX(m.{t3|du|d6})",
		"MAX(m.vb)", "MIN($s COLLATE utf8mb4_bin)", "MIN(m.en)", "MAX(m.st)", "BIT_AND($n)", "BIT_OR($n)", "BIT_XOR($n)", "STDDEV(m.{ti|tu})", "STDDEV_SAMP(m.{ti|tu})", "VARIANCE(m.{ti|tu})", "VAR_SAMP(m.{ti|tu})", "GROUP_CONCAT($s ORDER BY m.id)", "GROUP_CONCAT($a ORDER BY m.id DESC SEPARATOR {'-'|''|', '})", "GROUP_CONCAT(DISTINCT m.{ti|vb|en|yr} ORDER BY 1)", "GROUP_CONCAT(m.id, $s ORDER BY m.id)",
		"JSON_ARRAYAGG(m.{ti|vs|d2|da})", "JSON_OBJECTAGG(m.id, $a)", "SUM($c)", "COUNT(IF($c, 1, NULL))", "MAX(m.ii) - MIN(m.{d2|ti|db})", "SUM($n) / COUNT(*)", "ANY_VALUE(1)", "ROUND(AVG($n), 2)", "SUM($n * $n)", "SUM(IF($c, $n, 0))", "IFNULL(SUM($n), 0)", "CONCAT(SUM($n))"))
}

func (g *Generator) mixedGroup() *Node {
	var kids []*Node
	for i := range 1 + g.r.IntN(3) {
		kids = append(kids, form(Item, fmt.Sprintf("$ AS c%d", i+1), g.mixedAggregate()))
	}
	items := join(Other, kids, ", ")
	if g.chance(35) {
		return form(Other, "SELECT $ FROM m$", items, g.mixedWhere())
	}
	key := g.pick("m.en", "m.b1", "m.ti % 3", "m.vb", "YEAR(m.da)", "m.yr > 2000", "m.st", "LEFT(m.vb, 1)", "m.d2 > 0", "m.ii IS NULL", "m.ch COLLATE utf8mb4_bin", "QUARTER(m.dm)", "m.bt", "TIME(m.dm) > '12:00'")
	having := leaf(Other, "")
	if g.chance(35) {
		having = form(Other, " HAVING $ "+g.pick(">", "<=", "<>", "=")+" $", g.mixedAggregate(), g.mixed(Number, 10))
	}
	if g.chance(25) {
		key = g.pick("m.vb", "m.st", "m.ti", "m.da") // versions of the source do not sum up expressions
		key2 := g.pick("m.en", "m.b1", "m.yr")
		return form(Other, "SELECT "+key+" AS k1, "+key2+" AS k2, $"+g.pick("", ", GROUPING("+key2+") AS g2")+" FROM m$ GROUP BY "+key+", "+key2+" WITH ROLLUP$", items, g.mixedWhere(), having)
	}
	if g.chance(20) {
		return form(Other, "SELECT "+key+" AS k, $ FROM m$ GROUP BY "+g.pick(key, "k", "1")+"$ ORDER BY k IS NULL, "+g.pick("k", "1", key)+g.pick("", " DESC"), items, g.mixedWhere(), having)
	}
	return form(Other, "SELECT "+key+" AS k, $ FROM m$ GROUP BY "+g.pick(key, "k", "1")+"$", items, g.mixedWhere(), having)
}

func (g *Generator) mixedJoin() *Node {
	join := g.pick("JOIN b ON b.a_id = m.id", "LEFT JOIN b ON b.a_id = m.id", "RIGHT JOIN b ON b.a_id = m.id AND b.k > 1", "STRAIGHT_JOIN b ON b.k = m.ti", "JOIN a USING (id)", "NATURAL JOIN log", "LEFT JOIN a USING (id)",
		"CROSS JOIN b", "INNER JOIN b ON m.vs = b.w", "JOIN (b JOIN a ON b.a_id = a.id) ON b.k = m.id", "LEFT JOIN b ON m.vs = b.w AND b.k < 3", "NATURAL LEFT JOIN b", "JOIN m z ON z.ti = m.tu", "LEFT JOIN m z ON z.vs = m.vg",
		"JOIN LATERAL (SELECT MAX(q.k) AS mk FROM b q WHERE q.a_id = m.id) l", "LEFT JOIN LATERAL (SELECT q.w, q.k FROM b q WHERE q.k < m.ti ORDER BY q.id LIMIT 2) l ON TRUE", "JOIN a ON a.i = m.d2 OR a.v = m.vn")
	g.inner = true // outer joins and tests of truth: see Generator.truth
	return form(Other, "SELECT m.id, $ FROM m "+join+"$", g.mixedItems(1+g.r.IntN(2)), g.mixedWhere())
}

// sortKey is a value to sort by. MySQL 8.0.15 sorts texts that its type gives no length (LEFT(x, 0)) as if NULL were one of them.
func (g *Generator) sortKey(deep int) *Node {
	for {
		if n := g.mixed(g.sortable(), deep); !strings.Contains(n.String(), ", 0)") {
			return n
		}
	}
}

func (g *Generator) mixedLimit() *Node {
	if g.chance(30) {
		return form(Other, "SELECT m.id, $ AS x FROM m$ ORDER BY "+g.pick("x", "2", "x IS NULL, x")+g.pick("", " DESC", " ASC")+", m.id LIMIT "+g.pick("3", "5", "2, 4", "4 OFFSET 1"), g.sortKey(0), g.mixedWhere())
	}
	return form(Other, "SELECT m.id, $ AS c1 FROM m$ ORDER BY $"+g.pick("", " DESC")+", m.id LIMIT "+g.pick("3", "5", "2, 4", "4 OFFSET 1"), g.anyMixed(), g.mixedWhere(), g.sortKey(0))
}

func (g *Generator) sortable() Kind {
	return []Kind{Number, Number, Date, Moment, Span, Text}[g.r.IntN(6)]
}

func (g *Generator) mixedUnion() *Node {
	if g.chance(6) {
		return leaf(Other, "SELECT "+g.pick("m.ti / 3", "AVG(m.d2)", "ROUND(m.ii / 7, 2)", "LENGTH(m.vs) / 3", "m.d2 * 2")+" AS c1 FROM m UNION ALL SELECT "+g.pick("m.vs", "'x'")+" FROM m")
	}
	k := kinds[g.r.IntN(len(kinds))]
	op := g.pick("UNION", "UNION ALL", "UNION ALL")
	if k == Text {
		op = "UNION ALL"
	}
	l := form(Other, "SELECT $ AS c1 FROM m$", g.mixed(k, 15), g.mixedWhere())
	r := form(Other, "SELECT $ FROM m WHERE $", g.mixed(k, 15), g.mixedCond())
	if g.chance(25) {
		return form(Other, "($ ORDER BY m.id LIMIT 3) "+op+" ($ ORDER BY m.id DESC LIMIT 2)", l, r)
	}
	return form(Other, "$ "+op+" $", l, r)
}

// mixedWindow has no REGEXP functions: they end the server of MySQL 8.0.15 in windows.
func (g *Generator) mixedWindow() *Node {
	for {
		if n := g.windowed(); !strings.Contains(n.String(), "REGEXP_") {
			return n
		}
	}
}

func (g *Generator) windowed() *Node {
	fn := g.fill(Number, g.pick("ROW_NUMBER()", "RANK()", "DENSE_RANK()", "PERCENT_RANK()", "CUME_DIST()", "NTILE({2|3|20})", "LAG($a)", "LAG(m.{ii|vs|d2}, {1|2|0})", "LAG(m.{ii|d2}, 2, {0|-1|1.5})", "LEAD($a, 1)", "LEAD(m.vs, 1, 'none')", "FIRST_VALUE($a)", "LAST_VALUE($a)", "NTH_VALUE(m.{ti|vs|da}, {1|2|5})",
		"SUM($n)", "AVG(m.{ti|d2|ii})", "COUNT($a)", "MIN(m.{ti|tm|d6})", "MAX(m.{da|bu|dm})", "COUNT(*)", "SUM(m.d2) / COUNT(*)", "BIT_OR(m.tu)", "STDDEV(m.ti)"))
	order := g.pick("m.id", "m.id DESC", "m.ti, m.id", "m.d2 DESC, m.id", "m.da, m.id", "m.en, m.id", "m.tm, m.id", "m.st DESC, m.id")
	part := g.pick("", "PARTITION BY m.en ", "PARTITION BY m.b1 ", "PARTITION BY m.ti % 2 ", "PARTITION BY m.vb ")
	frame := g.pick("", "", "", " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", " ROWS UNBOUNDED PRECEDING", " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", " ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING")
	if fn.Text[0] == "PERCENT_RANK()" || fn.Text[0] == "CUME_DIST()" || fn.Text[0] == "NTILE(2)" { // versions of the source count frames in
		order, frame = "m.id", ""
	}
	if g.chance(15) {
		order, frame = g.pick("m.id", "m.ti", "m.d2"), g.pick(" RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING", " RANGE BETWEEN 1 PRECEDING AND CURRENT ROW")
		if order != "m.id" {
			fn = g.fill(Number, g.pick("SUM(m.ii)", "COUNT(*)", "MIN(m.d2)"))
		}
	}
	if g.chance(20) {
		return form(Other, "SELECT m.id, $ OVER w AS w1, SUM(m.ti) OVER (w) AS w2 FROM m$ WINDOW w AS ("+part+"ORDER BY "+order+")", fn, g.mixedWhere())
	}
	return form(Other, "SELECT m.id, $ OVER ("+part+"ORDER BY "+order+frame+") AS w1, $ AS c1 FROM m$", fn, g.anyMixed(), g.mixedWhere())
}

func (g *Generator) mixedDerived() *Node {
	x, y := g.anyMixed(), g.mixed(Number, 0)
	tail := g.pick("SELECT t.x, t.y FROM T", "SELECT t.y, COUNT(*) AS n FROM T GROUP BY t.y", "SELECT t.x AS x, t.y + 1 AS z FROM T WHERE t.y IS NOT NULL", "SELECT CONCAT(t.x, '|', t.y) AS z FROM T", "SELECT DISTINCT t.y FROM T", "SELECT COUNT(t.x) AS n, SUM(t.y) AS s, MAX(t.y) AS mx FROM T", "SELECT * FROM T", "SELECT t.*, m.ti FROM m JOIN T ON t.id = m.id", "SELECT t.y / 3 AS q, t.x FROM T WHERE t.y > 0", "SELECT IF(t.y > 1, t.x, t.y) AS z FROM T")
	if g.chance(50) {
		return form(Other, "WITH t AS (SELECT m.id, $ AS x, $ AS y FROM m$) "+replaceT(tail, "t"), x, y, g.mixedWhere())
	}
	i := indexT(tail)
	return form(Other, tail[:i]+"(SELECT m.id, $ AS x, $ AS y FROM m$) t"+tail[i+1:], x, y, g.mixedWhere())
}

func indexT(s string) int {
	for i := range s {
		if s[i] == 'T' && (i+1 == len(s) || s[i+1] == ' ') && s[i-1] == ' ' {
			return i
		}
	}
	return 0
}

func replaceT(s, with string) string {
	i := indexT(s)
	return s[:i] + with + s[i+1:]
}

func (g *Generator) mixedDocument() *Node {
	columns := g.pick("n FOR ORDINALITY, v VARCHAR(20) PATH '$'", "a INT PATH '$.a' DEFAULT '7' ON EMPTY, s VARCHAR(10) PATH '$.s'", "d DECIMAL(5,2) PATH '$' NULL ON ERROR",
		"x INT EXISTS PATH '$.c', j JSON PATH '$'", "n FOR ORDINALITY, c VARCHAR(5) PATH '$.c' DEFAULT '\"no\"' ON EMPTY")
	return &Node{Text: []string{"SELECT m.id, j.* FROM m, JSON_TABLE(m.js, " + g.pick("'$[*]'", "'$.b[*]'", "'$'", "'$.a'") + " COLUMNS (" + columns + ")) j", ""}, Kids: []*Node{g.mixedWhere()}}
}

func (g *Generator) mixedRecursive() *Node {
	return leaf(Other, "WITH RECURSIVE r AS (SELECT "+g.pick("1 AS n, CAST('a' AS CHAR(20)) AS s", "CAST(1 AS SIGNED) AS n, CAST('x' AS CHAR(9)) AS s", "m.id AS n, m.vb AS s FROM m WHERE m.id < 3", "0 AS n, 'abc' AS s")+
		" UNION ALL SELECT n + 1, "+g.pick("CONCAT(s, 'b')", "s", "LEFT(CONCAT(s, n), 5)")+" FROM r WHERE n < "+g.pick("3", "5", "7")+") SELECT "+g.pick("*", "n, s", "COUNT(*) AS c, SUM(n) AS t", "n * 2 AS d, LENGTH(s) AS l", "n / 3 AS q, s")+" FROM r"+g.pick("", " WHERE n > 1"))
}

func (g *Generator) mixedVariable() *Node {
	g.scope = map[Kind][]string{}
	return form(Other, g.pick("SET @v = $;;SELECT @v AS v, @v + 1 AS w", "SET @v = $;;SELECT m.id FROM m WHERE m.ti > @v", "SET @v = $;;SELECT CONCAT(@v, 'x') AS v, @v = 1 AS e, @v IS NULL AS n", "SET @v = $;;SELECT IF(@v > 1, @v, 'less') AS x, COALESCE(@v, 0) AS y"), g.mixed([]Kind{Number, Number, Text, Date, Moment}[g.r.IntN(5)], 0))
}
