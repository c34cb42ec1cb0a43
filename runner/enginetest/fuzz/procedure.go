package fuzz

import "fmt"

// Procedure is a script of definitions like that of Routine, over the tables of MoreSetup and with more of what routines can do: handlers inside one
// another, cursors that are opened again, loops with labels, conditions with all items, diagnostics, strict stores into variables, results.
func (g *Generator) Procedure() *Node {
	g.names = 0
	var kids []*Node
	if g.chance(40) {
		kids = append(kids, form(Stmt, "CREATE PROCEDURE q(IN x INT, INOUT y INT, OUT z VARCHAR(60))\nBEGIN\n  DECLARE n1 INT DEFAULT "+g.pick("0", "x", "y + 1")+";\n  DECLARE t1 VARCHAR(12) DEFAULT 'q';\n$  SET z = CONCAT(t1, n1);\nEND"+Separator, g.steps(2)))
		g.calls = true
	}
	if g.chance(25) {
		kids = append(kids, form(Stmt, "CREATE FUNCTION f1(x INT) RETURNS "+g.pick("INT", "TINYINT", "VARCHAR(3)", "DECIMAL(4,1)")+" DETERMINISTIC MODIFIES SQL DATA\nBEGIN\n  DECLARE y INT DEFAULT 2;\n  DECLARE n1 INT DEFAULT 0;\n  DECLARE t1 VARCHAR(12) DEFAULT 'f';\n  DECLARE z VARCHAR(60);\n$  RETURN n1 + x;\nEND"+Separator, g.functionSteps(2)))
		g.writes = true
	}
	tail := "  SET z = CONCAT_WS('|', t1, n1, y);\n"
	if g.chance(15) {
		tail = "  SELECT " + g.pick("n1, t1, y", "COUNT(*), SUM(hits) FROM many", "id, k1, hits FROM many ORDER BY id", "x AS x, t1 AS t") + ";\n" + tail
	}
	kids = append(kids, form(Other, "CREATE PROCEDURE p(IN x INT, INOUT y INT, OUT z VARCHAR(60))\n"+g.pick("", "", "main: ")+"BEGIN\n  DECLARE n1 INT DEFAULT 0;\n  DECLARE t1 VARCHAR(12) DEFAULT 'start';\n$"+tail+"END", g.steps(3)))
	g.calls, g.writes = false, false
	return join(Other, kids, "")
}

func (g *Generator) steps(nest int) *Node {
	var kids []*Node
	for range 2 + g.r.IntN(3) {
		kids = append(kids, g.step(nest))
	}
	return join(Other, kids, "")
}

// functionSteps have neither calls nor transactions.
func (g *Generator) functionSteps(nest int) *Node {
	calls := g.calls
	g.calls = false
	defer func() { g.calls = calls }()
	return g.steps(nest)
}

func (g *Generator) step(nest int) *Node {
	if nest <= 0 || g.chance(50) {
		return g.one(g.store, g.store, g.write, g.write, g.write, g.into, g.signals, g.trace, g.trace, g.callOne)
	}
	return g.one(func() *Node { return g.handled(nest) }, func() *Node { return g.handled(nest) }, func() *Node { return g.handled(nest) }, func() *Node { return g.rowsOf(nest) }, func() *Node { return g.rowsOf(nest) },
		func() *Node { return g.turns(nest) }, func() *Node { return g.choice(nest) })
}

// test is a condition over the variables.
func (g *Generator) test() string {
	return g.pick("n1 > 0", "x = 2", "y > 3", "t1 = 'START'", "n1 IS NULL", "y BETWEEN 1 AND 4", "x IN (2, 3)", "t1 LIKE 'h%'", "EXISTS (SELECT 1 FROM many WHERE k1 = n1)", "n1 < (SELECT COUNT(*) FROM kid)", "y", "NOT n1", "1 = 1", "z IS NULL")
}

// trace leaves a mark of how far the routine came.
func (g *Generator) trace() *Node {
	return leaf(Stmt, "  INSERT INTO hist (tab, num, was) VALUES ('"+g.name("m")+"', n1, LEFT(t1, 12));\n")
}

func (g *Generator) store() *Node {
	return leaf(Stmt, "  SET "+g.pick("n1 = n1 + 1", "n1 = y * 2", "n1 = y", "y = y + 1", "t1 = CONCAT(t1, x)", "t1 = 'twelve chars'", "t1 = 'more than twelve chars'", "n1 = 3000000000", "n1 = 'abc'", "n1 = '12'", "n1 = 2.5", "n1 = 7 / 2", "n1 = x / 0", "n1 = NULL", "y = NULL", "t1 = 12.50", "n1 = LENGTH(t1)",
		"n1 = (SELECT MAX(hits) FROM many)", "n1 = (SELECT k1 FROM many)", "t1 = (SELECT code FROM par WHERE id = x)", "n1 = CAST('9' AS SIGNED)", "z = t1", "n1 = x, y = n1", "@u = n1", "n1 = COALESCE(@u, 1)", "n1 = x DIV 2", "n1 = MOD(y, 2)", "t1 = IF(n1 > 2, 'big', 'small')")+";\n")
}

func (g *Generator) write() *Node {
	return leaf(Stmt, "  "+g.pick("INSERT INTO many (id, k1) VALUES (x, 10)", "INSERT INTO many (id, k1) VALUES (x + 10, y * 100)", "INSERT INTO many (id, k1) VALUES (90, 900), (1, 1)", "UPDATE many SET hits = hits + 1 WHERE id <= x", "UPDATE many SET k1 = 10 WHERE id = x", "DELETE FROM many WHERE id = x", "DELETE FROM many WHERE id = 77",
		"INSERT INTO kid (par_id, note) VALUES (y, 'kid')", "INSERT INTO kid (par_id) VALUES (999)", "INSERT INTO kid (note) VALUES ('longer than 8')", "DELETE FROM par WHERE id = x", "UPDATE par SET qty = qty + n1 WHERE id = x", "UPDATE par SET code = 'aa' WHERE id = x", "INSERT INTO par (code) VALUES ('new')", "INSERT INTO par (code, qty) VALUES (t1, NULL)",
		"INSERT IGNORE INTO many (id, k1) VALUES (1, 1), (60, 600)", "REPLACE INTO many (id, k1) VALUES (2, 10)", "INSERT INTO many (id, k1, hits) VALUES (2, 99, 1) ON DUPLICATE KEY UPDATE hits = hits + 1", "INSERT INTO typ (ti) VALUES (n1 + 100)", "INSERT INTO typ (vc) VALUES (t1)", "UPDATE typ SET si = n1, vc = 'x' WHERE id = 1", "INSERT INTO gen (a, b, s) VALUES (n1, 1, t1)",
		"UPDATE many SET hits = n1; SET y = ROW_COUNT()", "INSERT INTO par (code) VALUES ('auto'); SET n1 = LAST_INSERT_ID() > 5", "DELETE FROM kid WHERE par_id = 2; SET y = ROW_COUNT()")+";\n")
}

func (g *Generator) into() *Node {
	return leaf(Stmt, "  SELECT "+g.pick("k1 INTO n1 FROM many WHERE id = x", "k1 INTO n1 FROM many WHERE id = 99", "k1 INTO n1 FROM many", "code, qty INTO t1, n1 FROM par WHERE id = y", "MAX(k1) INTO n1 FROM many WHERE id > 99", "k1, k3 INTO n1, t1 FROM many ORDER BY id LIMIT 1", "note INTO t1 FROM kid WHERE id = 2", "COUNT(*) INTO y FROM hist", "5000000000 INTO n1", "CONCAT(t1, 'a very long text') INTO t1", "code INTO t1 FROM par WHERE qty = n1", "k1 INTO @u FROM many WHERE id = 1")+";\n")
}

func (g *Generator) signals() *Node {
	items := g.pick("", " SET MESSAGE_TEXT = 'told'", " SET MESSAGE_TEXT = 'told', MYSQL_ERRNO = 5001", " SET MESSAGE_TEXT = t1")
	return leaf(Stmt, "  IF "+g.test()+" THEN SIGNAL SQLSTATE '"+g.pick("45000", "45000", "45001", "02000", "01000", "23000", "77777", "22003")+"'"+items+"; END IF;\n")
}

func (g *Generator) callOne() *Node {
	switch {
	case g.calls:
		return leaf(Stmt, "  CALL q("+g.pick("x - 1", "1", "n1")+", "+g.pick("n1", "y")+", "+g.pick("t1", "z")+");\n")
	case g.writes:
		return leaf(Stmt, "  SET n1 = f1("+g.pick("x", "1", "2")+");\n")
	}
	return g.write()
}

// handled is a block with one to three handlers.
func (g *Generator) handled(nest int) *Node {
	list := ""
	if g.chance(25) {
		list += "  DECLARE dup CONDITION FOR " + g.pick("1062", "SQLSTATE '23000'", "SQLSTATE '45000'") + ";\n"
	}
	var kids []*Node
	used := map[string]bool{}
	for range 1 + g.r.IntN(3) {
		what := g.pick("SQLEXCEPTION", "SQLEXCEPTION", "NOT FOUND", "1062", "SQLSTATE '23000'", "SQLSTATE '45000'", "SQLSTATE '45001'", "SQLWARNING", "1264", "1406", "1329", "1452", "SQLSTATE '22003'", "1172", "1339", "1365", "1644")
		if len(list) > 0 && g.chance(30) {
			what = "dup"
		}
		if used[what] || what == "dup" && len(used) > 0 {
			continue
		}
		used[what] = true
		body := g.handlerBody(nest)
		kids = append(kids, form(Stmt, "  DECLARE "+g.pick("EXIT", "CONTINUE", "EXIT")+" HANDLER FOR "+what+" $;\n", body))
	}
	kids = append(kids, g.steps(nest-1))
	return form(Stmt, "  BEGIN\n"+list+"$  END;\n", join(Other, kids, ""))
}

func (g *Generator) handlerBody(nest int) *Node {
	if nest > 1 && g.chance(15) {
		return form(Other, "BEGIN\n$  END", g.steps(0))
	}
	return leaf(Other, g.pick("SET t1 = 'handled'", "SET n1 = -1", "BEGIN INSERT INTO hist (tab) VALUES ('hand'); SET y = 99; END", "BEGIN END", "RESIGNAL", "RESIGNAL SET MESSAGE_TEXT = 'again'", "RESIGNAL SQLSTATE '45009' SET MESSAGE_TEXT = 'other'", "SIGNAL SQLSTATE '45002' SET MESSAGE_TEXT = 'from handler'",
		"BEGIN GET DIAGNOSTICS CONDITION 1 t1 = RETURNED_SQLSTATE; INSERT INTO hist (was) VALUES (t1); END", "BEGIN GET STACKED DIAGNOSTICS CONDITION 1 n1 = MYSQL_ERRNO; END", "BEGIN DECLARE m VARCHAR(80); GET DIAGNOSTICS CONDITION 1 m = MESSAGE_TEXT; SET t1 = IF(m = 'told', 'told', 'else'); END", "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SET t1 = 'inner'; INSERT INTO many (id, k1) VALUES (1, 1); END", "INSERT INTO many (id, k1) VALUES (1, 1)",
		"BEGIN INSERT INTO hist (tab) VALUES ('re'); RESIGNAL; END", "IF n1 > 0 THEN RESIGNAL; ELSE SET t1 = 'kept'; END IF", "SET n1 = n1 + 1, t1 = 'two'"))
}

// rowsOf is a loop over a cursor.
func (g *Generator) rowsOf(nest int) *Node {
	c, d, v, l := g.name("c"), g.name("done"), g.name("v"), g.name("l")
	query := g.pick("SELECT id FROM many ORDER BY id", "SELECT qty FROM par WHERE id > x ORDER BY id", "SELECT k1 FROM many WHERE hits >= n1 ORDER BY k1 DESC", "SELECT id FROM kid WHERE par_id = y ORDER BY id", "SELECT m.hits FROM many m JOIN par p ON p.id = m.id ORDER BY m.id")
	head := "  BEGIN\n  DECLARE " + v + " INT;\n  DECLARE " + d + " INT DEFAULT " + g.pick("0", "FALSE") + ";\n  DECLARE " + c + " CURSOR FOR " + query + ";\n  DECLARE CONTINUE HANDLER FOR NOT FOUND SET " + d + " = 1;\n"
	switch g.r.IntN(4) {
	case 0:
		return form(Stmt, head+"  OPEN "+c+";\n  "+l+": LOOP\n    FETCH "+c+" INTO "+v+";\n    IF "+d+" THEN LEAVE "+l+"; END IF;\n    SET n1 = n1 + "+v+";\n$  END LOOP;\n  CLOSE "+c+";\n  END;\n", g.steps(nest-1))
	case 1:
		return form(Stmt, head+"  OPEN "+c+";\n  FETCH "+c+" INTO "+v+";\n  WHILE NOT "+d+" DO\n$    SET n1 = n1 + "+v+", "+d+" = 0;\n    FETCH "+c+" INTO "+v+";\n  END WHILE;\n  CLOSE "+c+";\n  END;\n", g.steps(nest-1))
	case 2:
		return form(Stmt, head+"  OPEN "+c+";\n  REPEAT\n    FETCH "+c+" INTO "+v+";\n    IF NOT "+d+" THEN\n      UPDATE many SET hits = hits + 1 WHERE id = "+v+";\n$    END IF;\n  UNTIL "+d+" END REPEAT;\n  CLOSE "+c+";\n  OPEN "+c+";\n  FETCH "+c+" INTO n1;\n  CLOSE "+c+";\n  END;\n", g.steps(0))
	}
	return form(Stmt, head+"  OPEN "+c+";\n  "+l+": LOOP\n    FETCH "+c+" INTO "+v+";\n    IF "+d+" THEN LEAVE "+l+"; END IF;\n    IF "+v+" = 2 THEN ITERATE "+l+"; END IF;\n    INSERT INTO hist (tab, num) VALUES ('row', "+v+");\n$  END LOOP;\n  CLOSE "+c+";\n  END;\n", g.steps(nest-2))
}

func (g *Generator) turns(nest int) *Node {
	c, l := g.name("i"), g.name("l")
	return form(Stmt, fmt.Sprintf("  BEGIN\n  DECLARE %s INT DEFAULT 0;\n  %s: %s\n    SET %s = %s + 1;\n    IF %s > 4 THEN LEAVE %s; END IF;\n    IF %s = 2 AND %s THEN %s %s; END IF;\n$  %s;\n  END;\n", c, l, []string{"LOOP", "WHILE " + c + " < 3 DO", "REPEAT"}[len(l)%3], c, c, c, l, c, g.test(), g.pick("LEAVE", "ITERATE"), l,
		[]string{"END LOOP " + l, "END WHILE " + l, "UNTIL " + c + " >= 3 END REPEAT " + l}[len(l)%3]), g.steps(nest-1))
}

func (g *Generator) choice(nest int) *Node {
	switch g.r.IntN(4) {
	case 0:
		return form(Stmt, "  CASE "+g.pick("x", "n1", "y")+" WHEN 2 THEN\n$  WHEN 5 THEN\n$  END CASE;\n", g.steps(nest-1), g.steps(nest-1))
	case 1:
		return form(Stmt, "  CASE WHEN "+g.test()+" THEN\n$  WHEN "+g.test()+" THEN\n$  ELSE\n$  END CASE;\n", g.steps(nest-1), g.steps(nest-1), g.steps(0))
	case 2:
		return form(Stmt, "  IF "+g.test()+" THEN\n$  ELSEIF "+g.test()+" THEN\n$  END IF;\n", g.steps(nest-1), g.steps(nest-1))
	}
	return form(Stmt, "  IF "+g.test()+" THEN\n$  ELSE\n$  END IF;\n", g.steps(nest-1), g.steps(0))
}
