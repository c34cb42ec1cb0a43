package fuzz

import "fmt"

// Separator stands behind each definition but the last that Routine gives.
const Separator = "\n//\n"

// Routine is a script of definitions with Separator between them: functions f1 (reads) and f2 (writes), a procedure q, triggers,
// each of them now and then, and behind them the procedure p with parameters (IN x INT, INOUT y INT, OUT z VARCHAR(60)), which may
// use them. Routines write to the table log. They end: loops count up to a limit, and calls go one way or count down.
func (g *Generator) Routine() *Node {
	var kids []*Node
	reads, writes, calls := g.chance(35), g.chance(25), g.chance(35)
	if reads {
		g.enter("f1")
		kids = append(kids, form(Stmt, "CREATE FUNCTION f1(x INT) RETURNS INT READS SQL DATA\nBEGIN\n  DECLARE y INT DEFAULT 2;\n  DECLARE n1 INT DEFAULT 0;\n  DECLARE t1 VARCHAR(40) DEFAULT 'f';\n$  RETURN n1 + y;\nEND"+Separator, g.body(1)))
	}
	if writes {
		g.enter("f2")
		kids = append(kids, form(Stmt, "CREATE FUNCTION f2(x INT) RETURNS INT MODIFIES SQL DATA\nBEGIN\n  DECLARE y INT DEFAULT 4;\n  DECLARE n1 INT DEFAULT 0;\n  DECLARE t1 VARCHAR(40) DEFAULT 'f';\n$  INSERT INTO log (what, num) VALUES ('f2', x);\n  RETURN n1 + y;\nEND"+Separator, g.body(1)))
	}
	if g.chance(30) {
		kids = append(kids, g.triggers()...)
	}
	if calls {
		g.enter("q")
		again := g.pick("", "", "  IF x > 0 THEN CALL q(x - 1, y, z); END IF;\n")
		kids = append(kids, form(Stmt, "CREATE PROCEDURE q(IN x INT, INOUT y INT, OUT z VARCHAR(40))\nBEGIN\n  DECLARE n1 INT DEFAULT 0;\n  DECLARE t1 VARCHAR(40) DEFAULT 'q';\n$"+again+"  SET z = CONCAT(t1, n1);\nEND"+Separator, g.body(1)))
	}
	g.enter("p")
	if reads {
		g.scope[Number] = append(g.scope[Number], "f1(n1)")
	}
	g.writes, g.calls = writes, calls
	body := g.body(2)
	if g.chance(15) {
		body = join(Other, []*Node{body, g.transaction()}, "")
	}
	kids = append(kids, form(Other, "CREATE PROCEDURE p(IN x INT, INOUT y INT, OUT z VARCHAR(60))\nBEGIN\n  DECLARE n1 INT DEFAULT 0;\n  DECLARE t1 VARCHAR(40) DEFAULT 'start';\n$  SET z = CONCAT_WS('|', t1, n1, y);\nEND", body))
	return join(Other, kids, "")
}

// enter begins a routine.
func (g *Generator) enter(unit string) {
	g.unit, g.depth, g.names, g.writes, g.calls = unit, 2, 0, false, false
	g.scope = map[Kind][]string{Number: {"x", "y", "n1"}, Text: {"t1"}}
	if unit == "p" || unit == "q" {
		g.scope[Text] = []string{"z", "t1"}
	}
}

// triggers are one or two triggers, which write to log and to the row.
func (g *Generator) triggers() []*Node {
	var kids []*Node
	table, event := g.pick("a", "b"), g.pick("INSERT", "UPDATE", "DELETE")
	for i := range 1 + g.r.IntN(2) {
		at := g.pick("BEFORE", "AFTER")
		g.enter("trigger")
		row := "NEW."
		if event == "DELETE" || event == "UPDATE" && g.chance(50) {
			row = "OLD."
		}
		number, text, set := "i", "v", "u"
		if table == "b" {
			number, text, set = "k", "w", "k"
		}
		g.scope = map[Kind][]string{Number: {row + number, row + "id", "n1"}, Text: {row + text, "t1"}}
		if event == "INSERT" {
			g.scope[Number] = []string{row + number, "n1"}
		}
		list := []*Node{g.one(g.logIt, g.assignLocal, g.raise)}
		if g.chance(40) {
			list = append(list, g.one(g.logIt, g.raise))
		}
		if at == "BEFORE" && event != "DELETE" {
			list = append(list, form(Stmt, "  SET NEW."+set+" = $;\n", form(Number, "FLOOR(ABS(COALESCE($, 0)) % 1000)", g.Expr(Number))))
		}
		kids = append(kids, form(Stmt, fmt.Sprintf("CREATE TRIGGER tr%d %s %s ON %s FOR EACH ROW\nBEGIN\n  DECLARE n1 INT DEFAULT 0;\n  DECLARE t1 VARCHAR(40) DEFAULT 'tr';\n", i, at, event, table)+"$  INSERT INTO log (what, num) VALUES ('tr', n1);\nEND"+Separator, join(Other, list, "")))
	}
	return kids
}

func (g *Generator) assignLocal() *Node {
	return form(Stmt, "  SET n1 = $;\n", form(Number, "FLOOR(COALESCE($, 0) % 1000)", g.Expr(Number)))
}

// transaction is a transaction of a procedure.
func (g *Generator) transaction() *Node {
	switch g.r.IntN(3) {
	case 0:
		return form(Stmt, "  START TRANSACTION;\n$  "+g.pick("COMMIT", "ROLLBACK")+";\n", join(Other, []*Node{g.changes(), g.logIt()}, ""))
	case 1:
		return form(Stmt, "  START TRANSACTION;\n$  IF $ THEN COMMIT; ELSE ROLLBACK; END IF;\n", join(Other, []*Node{g.changes(), g.logIt()}, ""), g.Cond())
	}
	return form(Stmt, "  BEGIN\n  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; SET t1 = 'rolled'; "+g.pick("", "RESIGNAL; ")+"END;\n  START TRANSACTION;\n$  COMMIT;\n  END;\n", join(Other, []*Node{g.changes(), g.logIt(), g.changes()}, ""))
}

// call is a use of the routines around p.
func (g *Generator) call() *Node {
	switch {
	case g.calls && (!g.writes || g.chance(50)):
		return form(Stmt, "  CALL q($, "+g.pick("n1, t1", "y, t1", "y, z")+");\n", form(Number, "FLOOR(COALESCE($, 0) % 3)", g.columnIn(Number)))
	case g.writes:
		return leaf(Stmt, "  "+g.pick("SET n1 = f2(x)", "SELECT SUM(f2(s.k)) INTO n1 FROM (SELECT 1 AS k UNION ALL SELECT 2) AS s", "SELECT f2(n1) INTO y", "IF f2(1) > 3 THEN SET t1 = 'if'; END IF")+";\n")
	}
	return g.assign()
}

// session is a statement about counts, variables of the session, or a prepared statement.
func (g *Generator) session() *Node {
	if g.unit != "p" && g.unit != "q" {
		return g.assign()
	}
	return leaf(Stmt, "  "+g.pick("UPDATE a SET i = 4 WHERE id <= x; SET n1 = ROW_COUNT()", "DELETE FROM b WHERE k = y; SELECT ROW_COUNT() INTO n1",
		"INSERT INTO b (k) VALUES (1); SET n1 = LAST_INSERT_ID() > 0", "SELECT i INTO n1 FROM a WHERE id = x; SET y = FOUND_ROWS()",
		"SET @u = COALESCE(@u, 0) + 1", "SET n1 = COALESCE(@u, 7)", "SET @u = n1", "SELECT MAX(k) INTO @u FROM b",
		"SET @v = n1; PREPARE st FROM 'UPDATE a SET i = ? WHERE id = 2'; EXECUTE st USING @v; DEALLOCATE PREPARE st")+";\n")
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
	simple := []func() *Node{g.assign, g.assign, g.logIt, g.logIt, g.selectInto, g.changes, g.raise, g.call, g.session}
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
		func() *Node {
			return form(Stmt, "  CASE WHEN $ THEN\n$  WHEN $ THEN\n$  END CASE;\n", g.Cond(), g.body(nest-1), g.Cond(), g.body(nest-1))
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
		"INSERT INTO a (id, s) VALUES (100 + y, NULL)", "INSERT INTO b (k) VALUES (y)", "UPDATE a SET u = 14 WHERE id = x", "INSERT INTO a (id, i) SELECT id + 20, i FROM a WHERE id = x", "DELETE FROM a WHERE id = y")+";\n")
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
	if g.chance(25) {
		return form(Stmt, "  BEGIN\n  DECLARE "+v+" INT;\n  DECLARE "+done+" INT DEFAULT 0;\n  DECLARE "+c+" CURSOR FOR SELECT k FROM b WHERE id > x ORDER BY id LIMIT 3;\n  DECLARE "+g.pick("CONTINUE", "CONTINUE", "EXIT")+" HANDLER FOR NOT FOUND SET "+done+" = 1;\n"+
			"  OPEN "+c+";\n  REPEAT\n    FETCH "+c+" INTO "+v+";\n    IF NOT "+done+" THEN\n    SET n1 = n1 + "+v+";\n$    END IF;\n  UNTIL "+done+" END REPEAT;\n  CLOSE "+c+";\n  END;\n", g.body(nest-1))
	}
	return form(Stmt, "  BEGIN\n  DECLARE "+v+" INT;\n  DECLARE "+done+" INT DEFAULT 0;\n  DECLARE "+c+" CURSOR FOR SELECT id FROM a WHERE i > x ORDER BY id LIMIT 4;\n  DECLARE CONTINUE HANDLER FOR NOT FOUND SET "+done+" = 1;\n"+
		"  OPEN "+c+";\n  "+l+": LOOP\n    FETCH "+c+" INTO "+v+";\n    IF "+done+" = 1 THEN LEAVE "+l+"; END IF;\n    SET n1 = n1 + "+v+";\n$  END LOOP;\n  CLOSE "+c+";\n  END;\n", g.body(nest-1))
}

func (g *Generator) block(nest int) *Node {
	kind := g.pick("EXIT", "CONTINUE")
	what := g.pick("SQLEXCEPTION", "SQLSTATE '45000'", "NOT FOUND", "1062", "SQLSTATE '23000'", "SQLWARNING", "SQLEXCEPTION, NOT FOUND")
	action := g.pick("SET t1 = 'handled'", "SET n1 = -1", "BEGIN INSERT INTO log (what) VALUES ('handler'); SET y = 99; END", "BEGIN END", "RESIGNAL", "SET t1 = 'caught'",
		"RESIGNAL SET MESSAGE_TEXT = 'again'", "BEGIN GET DIAGNOSTICS CONDITION 1 t1 = RETURNED_SQLSTATE; END", "SIGNAL SQLSTATE '45002' SET MESSAGE_TEXT = 'from handler'",
		"BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SET t1 = 'inner'; INSERT INTO a (id) VALUES (1); END")
	return form(Stmt, "  BEGIN\n  DECLARE "+kind+" HANDLER FOR "+what+" "+action+";\n$  END;\n", g.body(nest-1))
}
