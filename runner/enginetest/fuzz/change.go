package fuzz

import "fmt"

// Change is a script of statements that change the tables.
func (g *Generator) Change() *Node {
	var kids []*Node
	for range 2 + g.r.IntN(4) {
		g.depth, g.scope = 2, nil
		kids = append(kids, form(Stmt, "$;\n", g.oneChange()))
	}
	return join(Other, kids, "")
}

func (g *Generator) oneChange() *Node {
	return g.one(g.update, g.update, g.delete, g.insertA, g.insertB, g.insertSelect, g.onDuplicate, g.replaceInto, g.joinedUpdate, g.joinedDelete, g.limited2)
}

// valueFor is a value for a column of table a.
func (g *Generator) valueFor(col string) *Node {
	switch col {
	case "i", "s", "n", "big", "f", "k", "m":
		return g.loose(Number)
	case "v", "c", "w":
		return form(Text, "LEFT($, 10)", g.Expr(Text))
	case "e":
		return leaf(Text, g.pick("'small'", "'LARGE'", "NULL", "'medium'", "2"))
	case "d":
		return g.Expr(Date)
	}
	return g.Expr(Moment)
}

func (g *Generator) sets(cols []string, n int) *Node {
	var kids []*Node
	seen := map[string]bool{}
	for range n {
		c := cols[g.r.IntN(len(cols))]
		if !seen[c] {
			kids = append(kids, form(Item, c+" = $", g.valueFor(c)))
		}
		seen[c] = true
	}
	return join(Other, kids, ", ")
}

var updatable = []string{"i", "s", "n", "big", "v", "c", "e", "d", "dt"}

func (g *Generator) bare(table string, f func() *Node) *Node {
	saved := g.scope
	defer func() { g.scope = saved }()
	g.scope = columns[table]
	return f()
}

func (g *Generator) update() *Node {
	return g.bare("a", func() *Node {
		return form(Other, "UPDATE a SET $ WHERE $", g.sets(updatable, 1+g.r.IntN(3)), g.Cond())
	})
}

func (g *Generator) delete() *Node {
	return g.bare("a", func() *Node { return form(Other, "DELETE FROM a WHERE $", g.Cond()) })
}

func (g *Generator) constants(cols ...string) *Node {
	g.scope = nil
	var kids []*Node
	for _, c := range cols {
		kids = append(kids, g.valueFor(c))
	}
	return join(Other, kids, ", ")
}

func (g *Generator) insertA() *Node {
	return form(Other, fmt.Sprintf("INSERT %sINTO a (id, u, i, v, d) VALUES (%d, %s, $)", g.pick("", "", "IGNORE "), 10+g.r.IntN(20), g.pick("NULL", "7", "500", "501")), g.constants("i", "v", "d"))
}

func (g *Generator) insertB() *Node {
	switch g.r.IntN(3) {
	case 0:
		return form(Other, "INSERT INTO b (a_id, k, w) VALUES (3, $), (4, $)", g.constants("k", "w"), g.constants("k", "w"))
	case 1:
		return form(Other, "INSERT INTO b SET a_id = 2, m = $", g.constants("m"))
	}
	return form(Other, "INSERT INTO b (id, k) VALUES ("+g.pick("NULL", "0", "DEFAULT", "90")+", $)", g.constants("k"))
}

func (g *Generator) insertSelect() *Node {
	return g.inScope(map[string]string{"a": "a"}, func() *Node {
		return form(Other, "INSERT INTO b (a_id, m, w) SELECT a.id, $, LEFT(COALESCE($, 'z'), 10) FROM a$ ORDER BY a.id", form(Number, "CAST($ AS DECIMAL(6,2))", g.columnIn(Number)), g.columnIn(Text), g.where())
	})
}

func (g *Generator) onDuplicate() *Node {
	vals := g.constants("i", "v")
	return g.bare("a", func() *Node {
		set := g.pick("i = VALUES(i)", "i = i + 1", "v = CONCAT(LEFT(v, 3), VALUES(v)), i = 5", "i = VALUES(i) + s, s = s + 1", "n = COALESCE(n, 0) + 1")
		return form(Other, fmt.Sprintf("INSERT INTO a (id, i, v) VALUES (%d, $) ON DUPLICATE KEY UPDATE %s", 1+g.r.IntN(20), set), vals)
	})
}

func (g *Generator) replaceInto() *Node {
	return form(Other, fmt.Sprintf("REPLACE INTO a (id, u, i, v) VALUES (%d, %s, $)", 1+g.r.IntN(20), g.pick("NULL", "7", "14", "600")), g.constants("i", "v"))
}

// joinedUpdate sets what depends on the changed row alone: which of several joined rows counts is not defined.
func (g *Generator) joinedUpdate() *Node {
	value := g.inScope(map[string]string{"a": "a"}, func() *Node { return g.Expr(Number) })
	return g.inScope(map[string]string{"a": "a", "b": "b"}, func() *Node {
		return form(Other, "UPDATE a JOIN b ON b.a_id = a.id SET a.i = $ WHERE $", value, g.Cond())
	})
}

func (g *Generator) joinedDelete() *Node {
	return g.inScope(map[string]string{"a": "a", "b": "b"}, func() *Node {
		return form(Other, "DELETE "+g.pick("b", "a", "a, b")+" FROM a JOIN b ON b.a_id = a.id WHERE $", g.Cond())
	})
}

func (g *Generator) limited2() *Node {
	return g.bare("a", func() *Node {
		if g.chance(50) {
			return form(Other, "DELETE FROM a WHERE $ ORDER BY id LIMIT "+g.pick("1", "2"), g.Cond())
		}
		return form(Other, "UPDATE a SET $ WHERE $ ORDER BY id DESC LIMIT "+g.pick("1", "3"), g.sets(updatable, 1), g.Cond())
	})
}
