package fuzz

import "fmt"

// Routine is a procedure p with parameters (IN x INT, INOUT y INT, OUT z VARCHAR(60)) that writes to the table log. It ends: loops
// count up to a limit.
func (g *Generator) Routine() *Node {
	g.depth, g.names = 2, 0
	g.scope = map[Kind][]string{Number: {"x", "y", "n1"}, Text: {"z", "t1"}}
	return form(Other, "CREATE PROCEDURE p(IN x INT, INOUT y INT, OUT z VARCHAR(60))\nBEGIN\n  DECLARE n1 INT DEFAULT 0;\n  DECLARE t1 VARCHAR(40) DEFAULT 'start';\n$  SET z = CONCAT_WS('|', t1, n1, y);\nEND",
		g.body(2))
}

// body is a list of statements, with handlers in front when it is the body of a block.
func (g *Generator) body(nest int) *Node {
	var kids []*Node
	for range 1 + g.r.IntN(4) {
		kids = append(kids, g.stmt(nest))
	}
	return join(Other, kids, "")
}

func (g *Generator) stmt(nest int) *Node {
	simple := []func() *Node{g.assign, g.assign, g.logIt, g.logIt, g.selectInto, g.changes, g.raise}
	if nest <= 0 || g.chance(55) {
		return g.one(simple...)
	}
	return g.one(
		func() *Node {
			return form(Stmt, "  IF $ THEN\n$  ELSE\n$  END IF;\n", g.Cond(), g.body(nest-1), g.body(nest-1))
		},
		func() *Node { return form(Stmt, "  IF $ THEN\n$  END IF;\n", g.Cond(), g.body(nest-1)) },
		func() *Node {
			return form(Stmt, "  CASE $ WHEN $ THEN\n$  WHEN 2 THEN\n$  ELSE\n$  END CASE;\n", g.Expr(Number), g.Expr(Number), g.body(nest-1), g.body(nest-1), g.body(nest-1))
		},
		func() *Node { return g.loop(nest) },
		func() *Node { return g.cursor(nest) },
		func() *Node { return g.block(nest) }, func() *Node { return g.block(nest) },
	)
}

func (g *Generator) assign() *Node {
	if g.chance(60) {
		return form(Stmt, "  SET "+g.pick("n1", "y")+" = $;\n", form(Number, "FLOOR(COALESCE($, 0) % 1000)", g.Expr(Number)))
	}
	return form(Stmt, "  SET t1 = $;\n", form(Text, "LEFT($, 30)", g.Expr(Text)))
}

func (g *Generator) logIt() *Node {
	return form(Stmt, "  INSERT INTO log (what, num) VALUES ($, $);\n", form(Text, "LEFT($, 50)", g.Expr(Text)), form(Number, "CAST($ AS DECIMAL(12,2))", g.Expr(Number)))
}

func (g *Generator) selectInto() *Node {
	return leaf(Stmt, "  SELECT "+g.pick("i INTO n1 FROM a WHERE id = x", "COUNT(*) INTO n1 FROM a WHERE i > y", "v INTO t1 FROM a WHERE id = y", "MAX(s) INTO y FROM a", "k INTO n1 FROM b WHERE id = 3")+";\n")
}

func (g *Generator) changes() *Node {
	return leaf(Stmt, "  "+g.pick("UPDATE a SET i = COALESCE(i, 0) + 1 WHERE id = x", "DELETE FROM b WHERE a_id = x", "INSERT INTO a (id, u) VALUES (x, 7)",
		"INSERT INTO a (id, s) VALUES (100 + y, NULL)", "INSERT INTO b (k) VALUES (y)", "UPDATE a SET u = 14 WHERE id = x")+";\n")
}

func (g *Generator) raise() *Node {
	return form(Stmt, "  IF $ THEN\n    SIGNAL SQLSTATE '"+g.pick("45000", "45001", "02000", "01000")+"' SET MESSAGE_TEXT = 'random', MYSQL_ERRNO = "+g.pick("1644", "5001")+";\n  END IF;\n", g.Cond())
}

func (g *Generator) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

func (g *Generator) loop(nest int) *Node {
	c, l := g.name("i"), g.name("l")
	leave := g.pick("LEAVE", "ITERATE")
	// ITERATE in a REPEAT passes over its condition, so that the counter must be asked as well.
	body := form(Other, "    SET "+c+" = "+c+" + 1;\n    IF "+c+" < 3 AND $ THEN "+leave+" "+l+"; END IF;\n$", g.Cond(), g.body(nest-1))
	switch g.r.IntN(3) {
	case 0:
		return form(Stmt, "  BEGIN\n  DECLARE "+c+" INT DEFAULT 0;\n  "+l+": WHILE "+c+" < 3 DO\n$  END WHILE;\n  END;\n", body)
	case 1:
		return form(Stmt, "  BEGIN\n  DECLARE "+c+" INT DEFAULT 0;\n  "+l+": REPEAT\n$  UNTIL "+c+" >= 3 END REPEAT;\n  END;\n", body)
	}
	return form(Stmt, "  BEGIN\n  DECLARE "+c+" INT DEFAULT 0;\n  "+l+": LOOP\n    IF "+c+" >= 3 THEN LEAVE "+l+"; END IF;\n$  END LOOP;\n  END;\n", body)
}

func (g *Generator) cursor(nest int) *Node {
	c, done, v, l := g.name("c"), g.name("done"), g.name("v"), g.name("l")
	return form(Stmt, "  BEGIN\n  DECLARE "+v+" INT;\n  DECLARE "+done+" INT DEFAULT 0;\n  DECLARE "+c+" CURSOR FOR SELECT id FROM a WHERE i > x ORDER BY id LIMIT 4;\n  DECLARE CONTINUE HANDLER FOR NOT FOUND SET "+done+" = 1;\n"+
		"  OPEN "+c+";\n  "+l+": LOOP\n    FETCH "+c+" INTO "+v+";\n    IF "+done+" = 1 THEN LEAVE "+l+"; END IF;\n    SET n1 = n1 + "+v+";\n$  END LOOP;\n  CLOSE "+c+";\n  END;\n", g.body(nest-1))
}

func (g *Generator) block(nest int) *Node {
	kind := g.pick("EXIT", "CONTINUE")
	what := g.pick("SQLEXCEPTION", "SQLSTATE '45000'", "NOT FOUND", "1062", "SQLSTATE '23000'", "SQLWARNING", "SQLEXCEPTION, NOT FOUND")
	action := g.pick("SET t1 = 'handled'", "SET n1 = -1", "BEGIN INSERT INTO log (what) VALUES ('handler'); SET y = 99; END", "BEGIN END", "RESIGNAL", "SET z = 'caught'")
	return form(Stmt, "  BEGIN\n  DECLARE "+kind+" HANDLER FOR "+what+" "+action+";\n$  END;\n", g.body(nest-1))
}
