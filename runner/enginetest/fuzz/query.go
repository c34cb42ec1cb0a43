package fuzz

import "fmt"

// inScope makes the columns of tables known under their aliases.
func (g *Generator) inScope(from map[string]string, f func() *Node) *Node {
	saved := g.scope
	defer func() { g.scope = saved }()
	g.scope = map[Kind][]string{}
	for k, cols := range saved {
		g.scope[k] = append(g.scope[k], cols...)
	}
	for _, alias := range sorted(from) {
		for _, k := range []Kind{Number, Text, Date, Moment} {
			for _, c := range columns[from[alias]][k] {
				g.scope[k] = append(g.scope[k], alias+"."+c)
			}
		}
	}
	return f()
}

func sorted(m map[string]string) []string {
	var out []string
	for _, k := range []string{"a", "b", "x", "y", "q"} {
		if _, ok := m[k]; ok {
			out = append(out, k)
		}
	}
	return out
}

// Query is a query whose result is defined: rows in any order, or with a total order if it has LIMIT.
func (g *Generator) Query() *Node {
	g.depth, g.scope, g.outer = 3, nil, false
	return g.one(g.plain, g.plain, g.plain, g.grouped, g.grouped, g.joined, g.joined, g.limited, g.union, g.window, g.derived)
}

func (g *Generator) items(n int) *Node {
	var kids []*Node
	for i := range n {
		kids = append(kids, form(Item, fmt.Sprintf("$ AS c%d", i+1), g.Expr(g.anyKind())))
	}
	return join(Other, kids, ", ")
}

func (g *Generator) where() *Node {
	if g.chance(35) {
		return leaf(Other, "")
	}
	if g.chance(20) {
		return form(Other, " WHERE $", g.subquery())
	}
	return form(Other, " WHERE $", g.Cond())
}

func (g *Generator) subquery() *Node {
	g.inner = true
	defer func() { g.inner = false }()
	inner := func(pattern string) *Node {
		return g.inScope(map[string]string{"q": "b"}, func() *Node { return form(Cond, pattern, g.Cond()) })
	}
	return g.one(
		func() *Node { return inner("a.id " + g.pick("", "NOT ") + "IN (SELECT q.k FROM b q WHERE $)") },
		func() *Node {
			return inner(g.pick("", "NOT ") + "EXISTS (SELECT 1 FROM b q WHERE q.a_id = a.id AND $)")
		},
		func() *Node {
			return inner("a.i > (SELECT " + g.pick("MAX", "MIN", "COUNT", "AVG", "SUM") + "(q.k) FROM b q WHERE $)")
		},
	)
}

func (g *Generator) plain() *Node {
	return g.inScope(map[string]string{"a": "a"}, func() *Node {
		return form(Other, "SELECT "+g.pick("", "", "DISTINCT ")+"$ FROM a$", g.items(1+g.r.IntN(3)), g.where())
	})
}

func (g *Generator) joined() *Node {
	return g.inScope(map[string]string{"a": "a", "b": "b"}, func() *Node {
		kind := g.pick("JOIN", "LEFT JOIN", "RIGHT JOIN")
		g.outer = kind != "JOIN"
		return form(Other, "SELECT $ FROM a "+kind+" b ON b.a_id = a.id"+g.pick("", " AND b.k > 1")+"$", g.items(1+g.r.IntN(3)), g.where())
	})
}

func (g *Generator) limited() *Node {
	return g.inScope(map[string]string{"a": "a"}, func() *Node {
		k := g.anyKind()
		return form(Other, "SELECT a.id, $ AS c1 FROM a$ ORDER BY $"+g.pick("", " DESC")+", a.id LIMIT "+g.pick("3", "5", "2, 4"), g.items1(k), g.where(), g.Expr(k))
	})
}

func (g *Generator) items1(k Kind) *Node { return g.Expr(k) }

func (g *Generator) agg() *Node {
	return g.one(
		func() *Node { return leaf(Number, "COUNT(*)") },
		func() *Node {
			return form(Number, g.pick("COUNT", "COUNT")+"("+g.pick("", "DISTINCT ")+"$)", g.Expr(g.anyKind()))
		},
		func() *Node {
			return form(Number, g.pick("SUM", "MIN", "MAX", "AVG")+"($)", leaf(Number, g.pick("a.i", "a.s", "a.n", "a.u", "a.big")))
		},
		func() *Node { return form(Number, g.pick("SUM", "AVG")+"(IF($, 1, 0))", g.Cond()) },
		func() *Node {
			return form(Text, g.pick("MIN", "MAX")+"($)", leaf(Text, g.pick("a.c", "UPPER(a.c)", "a.d", "a.dt")))
		},
		func() *Node {
			return leaf(Text, "GROUP_CONCAT("+g.pick("", "DISTINCT ")+g.pick("a.id", "a.s")+" ORDER BY 1 SEPARATOR '|')")
		},
		func() *Node { return leaf(Text, "GROUP_CONCAT(a.c ORDER BY a.id"+g.pick("", " DESC")+")") },
	)
}

func (g *Generator) grouped() *Node {
	return g.inScope(map[string]string{"a": "a"}, func() *Node {
		var kids []*Node
		for i := range 1 + g.r.IntN(3) {
			kids = append(kids, form(Item, fmt.Sprintf("$ AS c%d", i+1), g.agg()))
		}
		key := g.pick("a.s", "a.c", "a.e", "a.d", "YEAR(a.d)", "a.i % 3", "a.n IS NULL")
		having := leaf(Other, "")
		if g.chance(40) {
			having = form(Other, " HAVING $ "+g.pick(">", "<=", "<>")+" $", g.agg(), g.literal(Number))
		}
		if g.chance(15) {
			return form(Other, "SELECT $ FROM a$", join(Other, kids, ", "), g.where())
		}
		return form(Other, "SELECT "+key+" AS k, $ FROM a$ GROUP BY "+g.pick(key, "k")+"$", join(Other, kids, ", "), g.where(), having)
	})
}

func (g *Generator) union() *Node {
	k := g.anyKind()
	l := g.inScope(map[string]string{"a": "a"}, func() *Node { return form(Other, "SELECT $ AS c1 FROM a$", g.Expr(k), g.where()) })
	r := g.inScope(map[string]string{"b": "b"}, func() *Node { return form(Other, "SELECT $ FROM b WHERE $", g.loose(k), g.Cond()) })
	op := g.pick("UNION", "UNION ALL", "EXCEPT", "INTERSECT")
	if k == Text {
		op = "UNION ALL" // which of the texts that compare as equal comes is not defined
	}
	return form(Other, "$ "+op+" $", l, r)
}

func (g *Generator) window() *Node {
	return g.inScope(map[string]string{"a": "a"}, func() *Node {
		fn := g.pick("ROW_NUMBER()", "RANK()", "DENSE_RANK()", "SUM(a.i)", "COUNT(a.n)", "LAG(a.i)", "LEAD(a.v)", "FIRST_VALUE(a.c)", "NTILE(3)", "AVG(a.n)", "MAX(a.d)")
		over := g.pick("ORDER BY a.id", "PARTITION BY a.s ORDER BY a.id", "PARTITION BY a.e ORDER BY a.id DESC")
		return form(Other, "SELECT a.id, "+fn+" OVER ("+over+") AS w, $ AS c1 FROM a$", g.Expr(g.anyKind()), g.where())
	})
}

func (g *Generator) derived() *Node {
	return g.inScope(map[string]string{"a": "a"}, func() *Node {
		x := g.Expr(Number)
		pattern := "SELECT t.x, COUNT(*) AS n FROM (SELECT $ AS x FROM a$) t GROUP BY t.x"
		if g.chance(50) {
			pattern = "WITH t AS (SELECT $ AS x FROM a$) SELECT t.x, t.x * 2 AS y FROM t WHERE t.x IS NOT NULL"
		}
		return form(Other, pattern, x, g.where())
	})
}
