package fuzz

import (
	"fmt"
	"strings"
)

// Business is a script of definitions like that of Routine, of procedures as programs have them: transfers, orders, audits, batches; with
// the idioms of their errors, cursors and diagnostics.
func (g *Generator) Business() *Node {
	g.names = 0
	var kids []*Node
	g.calls, g.writes = g.chance(40), g.chance(25)
	if g.chance(25) {
		kids = append(kids, leaf(Stmt, g.guardTrigger()+Separator))
	}
	if g.writes {
		kids = append(kids, leaf(Stmt, g.function()+Separator))
	}
	if g.calls {
		kids = append(kids, form(Stmt, "CREATE PROCEDURE q(IN x INT, INOUT y INT, OUT z VARCHAR(60))\nBEGIN\n"+g.heads()+"$END"+Separator, g.paragraphs(1+g.r.IntN(2), false)))
	}
	body := g.paragraphs(1+g.r.IntN(3), true)
	kids = append(kids, form(Other, "CREATE PROCEDURE p(IN x INT, INOUT y INT, OUT z VARCHAR(60))\n"+g.pick("", "", "proc: ", "MODIFIES SQL DATA\n", "COMMENT 'moves'\n")+"BEGIN\n"+g.heads()+"$END", body))
	g.calls, g.writes = false, false
	return join(Other, kids, "")
}

// heads are the variables that all paragraphs use.
func (g *Generator) heads() string {
	return "  DECLARE v_qty " + g.pick("INT", "INT UNSIGNED", "DECIMAL(10,2)", "BIGINT") + g.pick("", " DEFAULT 0", " DEFAULT x + 1", " DEFAULT (SELECT COUNT(*) FROM par)") + ";\n" +
		"  DECLARE v_code VARCHAR(" + g.pick("6", "10", "20") + ")" + g.pick("", " DEFAULT 'none'", " DEFAULT NULL", " DEFAULT CONCAT('c', x)") + ";\n" +
		"  DECLARE v_n, v_m INT DEFAULT " + g.pick("0", "1", "NULL", "x * 2") + ";\n"
}

func (g *Generator) paragraphs(n int, outer bool) *Node {
	var kids []*Node
	for range n {
		list := []func() *Node{g.transfer, g.transfer, g.orders, g.orders, g.dups, g.catalogue, g.catalogue, g.nestedCursors, g.shadows, g.batch, g.lookup, g.lookup, g.counting, g.raised}
		if outer {
			list = append(list, g.scratch, g.preparedText, g.calling, g.calling)
		}
		kids = append(kids, g.one(list...))
	}
	tail := g.pick("", "  SET z = CONCAT_WS('/', v_qty, v_code, v_n, y);\n", "  SET z = CONCAT_WS(':', v_code, v_m);\n", "  SET z = IF(v_n > 2, 'many', 'few'), y = v_n;\n")
	if outer && g.chance(25) {
		tail += "  SELECT " + g.pick("v_n AS n, v_code AS c", "COUNT(*) AS c, SUM(qty) AS s FROM par", "id, code, qty FROM par WHERE qty > v_m ORDER BY id", "'done' AS status", "h.tab, h.num FROM hist h WHERE h.num = x ORDER BY h.id", "v_qty") + ";\n"
	}
	return join(Other, append(kids, leaf(Stmt, tail)), "")
}

func (g *Generator) amount() string { return g.pick("1", "2", "x", "5", "100", "v_n + 1", "x * 3") }

func (g *Generator) audit(what string) string {
	return "INSERT INTO hist (tab, num, was) VALUES ('" + what + "', " + g.pick("x", "v_n", "v_qty", "y") + ", " + g.pick("'"+what+"'", "LEFT(v_code, 12)", "NULL", "v_code") + ")"
}

// failure is what a handler for errors does.
func (g *Generator) failure(open bool) string {
	roll := ""
	if open {
		roll = g.pick("ROLLBACK; ", "ROLLBACK; ", "ROLLBACK; ", "")
	}
	switch g.r.IntN(8) {
	case 0:
		return "BEGIN " + roll + "SET z = 'failed'; END"
	case 1:
		return "BEGIN " + roll + g.audit("fail") + "; RESIGNAL; END"
	case 2:
		return "BEGIN GET DIAGNOSTICS CONDITION 1 v_code = RETURNED_SQLSTATE; " + roll + g.audit("err") + "; END"
	case 3:
		return "BEGIN GET DIAGNOSTICS CONDITION 1 @state = RETURNED_SQLSTATE, @errno = MYSQL_ERRNO; " + roll + "SET v_code = @state, v_n = @errno; END"
	case 4:
		return "BEGIN " + roll + "RESIGNAL; END"
	case 5:
		return "BEGIN " + roll + "RESIGNAL SET MESSAGE_TEXT = 'transfer failed'; END"
	case 6:
		return "BEGIN " + roll + "SET v_m = -1; SET y = -1; END"
	}
	return "BEGIN " + roll + "SIGNAL SQLSTATE '45010' SET MESSAGE_TEXT = 'stopped'; END"
}

func (g *Generator) lines(text ...string) []*Node {
	var kids []*Node
	for _, t := range text {
		if t != "" {
			kids = append(kids, leaf(Stmt, "    "+t+";\n"))
		}
	}
	return kids
}

// transfer moves amounts between two rows, most often in a transaction.
func (g *Generator) transfer() *Node {
	start, end := "", ""
	open := g.chance(70)
	if open {
		start, end = g.pick("START TRANSACTION", "START TRANSACTION", "BEGIN WORK"), "COMMIT"
		if start == "BEGIN WORK" {
			start = "START TRANSACTION"
		}
	}
	handler := ""
	if g.chance(75) {
		handler = "    DECLARE EXIT HANDLER FOR SQLEXCEPTION " + g.failure(open) + ";\n"
	}
	lock := g.pick("", " FOR UPDATE")
	amt := g.amount()
	check := g.pick("IF v_qty < "+amt+" THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Insufficient funds'; END IF",
		"IF v_qty IS NULL THEN SIGNAL SQLSTATE '45001' SET MESSAGE_TEXT = 'No account'; END IF",
		"IF v_qty < "+amt+" THEN "+g.pick("ROLLBACK; SET z = 'short'", "SET z = 'short'")+"; ELSE "+g.audit("go")+"; END IF", "")
	if !open && strings.Contains(check, "ROLLBACK") {
		check = ""
	}
	kids := g.lines(start, "SELECT qty INTO v_qty FROM par WHERE id = x"+lock, check, "UPDATE par SET qty = qty - "+amt+" WHERE id = x",
		g.pick("", "IF ROW_COUNT() = 0 THEN SIGNAL SQLSTATE '45002' SET MESSAGE_TEXT = 'Nothing moved'; END IF", "SET v_m = ROW_COUNT()"),
		"UPDATE par SET qty = qty + "+amt+" WHERE id = "+g.pick("y", "x + 1", "99"), g.audit("mv"), g.pick("", "", "INSERT INTO kid (par_id, note) VALUES (x, v_code)", "INSERT INTO par (code) VALUES ('aa')"), end)
	return form(Stmt, "  BEGIN\n"+handler+"$  END;\n", join(Other, kids, ""))
}

// orders is a cursor over rows, with lookups and changes inside.
func (g *Generator) orders() *Node {
	c, d, v, w, l := g.name("cur"), g.name("done"), g.name("v_id"), g.name("v_amt"), g.name("loop")
	query := g.pick("SELECT id, qty FROM par WHERE qty > 0 ORDER BY id", "SELECT par_id, amt FROM kid ORDER BY id", "SELECT id, hits FROM many WHERE id <= x ORDER BY id", "SELECT p.id, COALESCE(SUM(k.amt), 0) FROM par p LEFT JOIN kid k ON k.par_id = p.id GROUP BY p.id ORDER BY p.id")
	kids := g.lines(g.pick("", "IF "+v+" IS NULL THEN ITERATE "+l+"; END IF", "IF "+w+" > 50 THEN LEAVE "+l+"; END IF"),
		g.pick("SET v_n = COALESCE(v_n, 0) + "+w, "SET v_n = v_n + 1, v_m = "+v, "UPDATE many SET hits = hits + 1 WHERE id = "+v, "INSERT INTO many (id, k1) VALUES ("+v+" + 10, "+w+")"),
		g.pick("", g.audit("row"), "BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_code = 'nf'; SELECT note INTO v_code FROM kid WHERE id = "+v+"; END", "SELECT code INTO v_code FROM par WHERE id = "+v,
			"BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION "+g.failure(false)+"; INSERT INTO many (id, k1) VALUES ("+v+", 1); UPDATE par SET qty = qty - 3 WHERE id = "+v+"; END",
			"IF "+w+" > 3 THEN SIGNAL SQLSTATE '45003' SET MESSAGE_TEXT = 'too much'; END IF", "CASE "+v+" WHEN 1 THEN SET v_code = 'first'; WHEN 2 THEN SET v_code = 'second'; ELSE BEGIN END; END CASE"))
	head := "  BEGIN\n    DECLARE " + d + " " + g.pick("INT DEFAULT FALSE", "BOOLEAN DEFAULT FALSE", "TINYINT DEFAULT 0", "INT DEFAULT 0") + ";\n    DECLARE " + v + " INT;\n    DECLARE " + w + " DECIMAL(10,2);\n    DECLARE " + c + " CURSOR FOR " + query + ";\n    DECLARE CONTINUE HANDLER FOR " + g.pick("NOT FOUND", "NOT FOUND", "SQLSTATE '02000'", "1329") + " SET " + d + " = " + g.pick("TRUE", "1") + ";\n"
	if g.chance(20) {
		head += "    DECLARE EXIT HANDLER FOR SQLEXCEPTION " + g.failure(false) + ";\n"
	}
	body := join(Other, kids, "")
	switch g.r.IntN(4) {
	case 0:
		return form(Stmt, head+"    OPEN "+c+";\n    "+l+": REPEAT\n    FETCH "+c+" INTO "+v+", "+w+";\n    IF NOT "+d+" THEN\n$    END IF;\n    UNTIL "+d+" END REPEAT;\n    CLOSE "+c+";\n  END;\n", body)
	case 1:
		return form(Stmt, head+"    OPEN "+c+";\n    FETCH "+c+" INTO "+v+", "+w+";\n    "+l+": WHILE NOT "+d+" DO\n    SET v_m = COALESCE(v_m, 0) + 1;\n    IF v_m > 20 THEN LEAVE "+l+"; END IF;\n$    FETCH "+c+" INTO "+v+", "+w+";\n    END WHILE;\n    CLOSE "+c+";\n  END;\n", body)
	}
	return form(Stmt, head+"    OPEN "+c+";\n    "+l+": LOOP\n    FETCH "+c+" INTO "+v+", "+w+";\n    IF "+d+g.pick("", " = 1", " = TRUE")+" THEN LEAVE "+l+"; END IF;\n$    END LOOP"+g.pick("", " "+l)+";\n    CLOSE "+c+";\n  END;\n", body)
}

// dups counts what a handler for duplicates sees.
func (g *Generator) dups() *Node {
	cond := g.pick("1062", "SQLSTATE '23000'", "dup")
	decl := ""
	if cond == "dup" {
		decl = "    DECLARE dup CONDITION FOR " + g.pick("1062", "SQLSTATE '23000'") + ";\n"
	}
	kids := g.lines("INSERT INTO many (id, k1) VALUES (x, 77)", g.pick("INSERT INTO par (code) VALUES ('bb')", "INSERT INTO many (id, k1) VALUES (70, 700), (71, 10)", "INSERT INTO kid (par_id) VALUES (77)"),
		g.pick("SET v_m = 5", "UPDATE many SET k1 = 20 WHERE id = 1", "INSERT INTO many (id, k1) SELECT id + 1, k1 + 1 FROM many WHERE id < 3"), g.audit("dup"))
	return form(Stmt, "  BEGIN\n"+decl+"    DECLARE "+g.pick("CONTINUE", "CONTINUE", "EXIT")+" HANDLER FOR "+cond+" "+g.pick("SET v_n = COALESCE(v_n, 0) + 1", "BEGIN SET v_n = 9; "+g.audit("d")+"; END", "BEGIN END")+";\n$  END;\n", join(Other, kids, ""))
}

// catalogue raises one of the errors that programs handle by number.
func (g *Generator) catalogue() *Node {
	type fault struct{ code, state, text string }
	f := []fault{
		{"1062", "23000", "INSERT INTO par (code) VALUES ('cc')"}, {"1062", "23000", "UPDATE par SET code = 'bb' WHERE id = 1"}, {"1451", "23000", "DELETE FROM par WHERE id = x"}, {"1452", "23000", "INSERT INTO kid (par_id) VALUES (555)"},
		{"1452", "23000", "UPDATE kid SET par_id = 555 WHERE id = 1"}, {"1451", "23000", "DELETE FROM par WHERE code = 'aa'"}, {"1048", "23000", "INSERT INTO many (id, k1) VALUES (50, NULL)"}, {"1048", "23000", "UPDATE par SET qty = NULL WHERE id = x"},
		{"1364", "HY000", "INSERT INTO many (id) VALUES (51)"}, {"1406", "22001", "INSERT INTO kid (note) VALUES ('much too long')"}, {"1406", "22001", "SET v_code = 'much too long for any of these'"}, {"1264", "22003", "INSERT INTO typ (ti) VALUES (1000)"},
		{"1264", "22003", "UPDATE typ SET si = 99999 WHERE id = 1"}, {"1264", "22003", "SET v_n = 9999999999"}, {"1365", "22012", "SET v_n = x / 0"}, {"1365", "22012", "UPDATE par SET qty = qty / 0 WHERE id = 1"}, {"1172", "42000", "SELECT qty INTO v_n FROM par"},
		{"1242", "21000", "SET v_n = (SELECT qty FROM par)"}, {"1366", "HY000", "SET v_n = 'abc'"}, {"1366", "HY000", "INSERT INTO par (code, qty) VALUES ('q1', 'abc')"}, {"1339", "20000", "CASE x WHEN 77 THEN SET v_n = 1; END CASE"}, {"1146", "42S02", "INSERT INTO nowhere VALUES (1)"},
		{"1644", "45000", "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'own'"}, {"1690", "22003", "SET v_n = CAST(0 AS UNSIGNED) - 1"}, {"1329", "02000", "SELECT qty INTO v_n FROM par WHERE id = 404"}, {"1292", "22007", "INSERT INTO typ (da) VALUES ('2024-02-30')"},
	}[g.r.IntN(26)]
	which := g.pick(f.code, f.code, "SQLSTATE '"+f.state+"'", "SQLEXCEPTION", "1062", "1451, 1452", "SQLEXCEPTION, NOT FOUND")
	kids := g.lines(g.audit("pre"), f.text, g.audit("post"))
	return form(Stmt, "  BEGIN\n    DECLARE "+g.pick("EXIT", "CONTINUE")+" HANDLER FOR "+which+" "+g.pick("SET v_code = 'e"+f.code+"'", g.failure(false), g.failure(false), "BEGIN DECLARE v_s CHAR(5); DECLARE v_e INT; GET STACKED DIAGNOSTICS CONDITION 1 v_s = RETURNED_SQLSTATE, v_e = MYSQL_ERRNO; SET v_code = LEFT(v_s, 6), v_n = v_e; END")+";\n$  END;\n", join(Other, kids, ""))
}

// nestedCursors share one flag.
func (g *Generator) nestedCursors() *Node {
	a, b, d, v, w := g.name("c"), g.name("c"), g.name("done"), g.name("v"), g.name("w")
	inner := "      OPEN " + b + ";\n      inner_" + b + ": LOOP\n        FETCH " + b + " INTO " + w + ";\n        IF " + d + " THEN LEAVE inner_" + b + "; END IF;\n        " + g.pick("SET v_n = COALESCE(v_n, 0) + 1", "INSERT INTO hist (tab, num) VALUES ('in', "+w+")", "UPDATE kid SET amt = amt + 1 WHERE id = "+w) + ";\n" + g.pick("", "        IF "+w+" = 3 THEN ITERATE outer_"+a+"; END IF;\n", "        IF v_n > 4 THEN LEAVE outer_"+a+"; END IF;\n", "") + "      END LOOP;\n      CLOSE " + b + ";\n"
	if strings.Contains(inner, "ITERATE outer") {
		inner = strings.Replace(inner, "THEN ITERATE", "THEN CLOSE "+b+"; ITERATE", 1)
	}
	own := g.chance(40)
	if own {
		inner = "      BEGIN\n        DECLARE " + d + " INT DEFAULT 0;\n        DECLARE " + w + " INT;\n        DECLARE " + b + " CURSOR FOR SELECT id FROM kid WHERE par_id = " + v + " ORDER BY id;\n        DECLARE CONTINUE HANDLER FOR NOT FOUND SET " + d + " = 1;\n" + inner + "      END;\n"
	} else {
		inner += "      SET " + d + " = " + g.pick("0", "FALSE") + ";\n"
	}
	decl := "    DECLARE " + d + " INT DEFAULT 0;\n    DECLARE " + v + " INT;\n"
	if !own {
		decl += "    DECLARE " + w + " INT;\n"
	}
	decl += "    DECLARE " + a + " CURSOR FOR SELECT id FROM par ORDER BY id;\n"
	if !own {
		decl += "    DECLARE " + b + " CURSOR FOR SELECT id FROM kid WHERE par_id = " + v + " ORDER BY id;\n"
	}
	return leaf(Stmt, "  BEGIN\n"+decl+"    DECLARE CONTINUE HANDLER FOR NOT FOUND SET "+d+" = TRUE;\n    OPEN "+a+";\n    outer_"+a+": LOOP\n      FETCH "+a+" INTO "+v+";\n      IF "+d+" THEN LEAVE outer_"+a+"; END IF;\n"+inner+"    END LOOP outer_"+a+";\n    CLOSE "+a+";\n  END;\n")
}

// shadows is a block inside a block with the same names.
func (g *Generator) shadows() *Node {
	l := g.name("blk")
	return form(Stmt, "  "+l+": BEGIN\n    DECLARE v_n INT DEFAULT "+g.pick("10", "v_n", "v_n + 1", "COALESCE(y, 3)")+";\n    DECLARE x VARCHAR(10) DEFAULT "+g.pick("'in'", "x", "v_code")+";\n$    IF v_n > 10 THEN LEAVE "+l+"; END IF;\n    SET v_m = v_n, v_code = x;\n    BEGIN\n      DECLARE v_n INT DEFAULT v_n * 2;\n      SET y = v_n;\n    END;\n  END "+l+";\n", leaf(Stmt, "    "+g.pick("SET v_n = v_n + 1", "SELECT COUNT(*) INTO v_n FROM par", "SET x = CONCAT(x, '!')")+";\n"))
}

// batch is a loop that counts.
func (g *Generator) batch() *Node {
	i, l := g.name("i"), g.name("lp")
	kids := g.lines(g.pick("INSERT INTO hist (tab, num) VALUES ('b', "+i+")", "INSERT INTO many (id, k1) VALUES (100 + "+i+", "+i+" * 10)", "INSERT IGNORE INTO many (id, k1) VALUES ("+i+", "+i+")", "INSERT INTO par (code, qty) VALUES (CONCAT('z', "+i+"), "+i+") ON DUPLICATE KEY UPDATE qty = qty + 1", "REPLACE INTO many (id, k1) VALUES ("+i+", "+i+" * 100)"),
		g.pick("", "IF "+i+" = 3 THEN ITERATE "+l+"; END IF", "IF MOD("+i+", 2) = 0 THEN SET v_n = COALESCE(v_n, 0) + "+i+"; ELSE SET v_m = "+i+"; END IF", "IF "+i+" > x THEN SIGNAL SQLSTATE '45004' SET MESSAGE_TEXT = 'limit'; END IF"), g.pick("", "SET v_code = CONCAT(v_code, "+i+")", "SET v_m = LAST_INSERT_ID() > 0"))
	body := join(Other, kids, "")
	switch g.r.IntN(3) {
	case 0:
		return form(Stmt, fmt.Sprintf("  BEGIN\n    DECLARE %s INT DEFAULT 0;\n    %s: WHILE %s < %s DO\n    SET %s = %s + 1;\n$    END WHILE %s;\n  END;\n", i, l, i, g.pick("3", "x", "4"), i, i, l), body)
	case 1:
		return form(Stmt, fmt.Sprintf("  BEGIN\n    DECLARE %s INT DEFAULT 0;\n    %s: REPEAT\n    SET %s = %s + 1;\n    IF %s > 6 THEN LEAVE %s; END IF;\n$    UNTIL %s >= %s END REPEAT;\n  END;\n", i, l, i, i, i, l, i, g.pick("3", "x")), body)
	}
	return form(Stmt, fmt.Sprintf("  SET @i = 0;\n  %s: LOOP\n    SET @i = @i + 1;\n    IF @i > 3 THEN LEAVE %s; END IF;\n$  END LOOP;\n", l, l), join(Other, g.lines("INSERT INTO hist (tab, num) VALUES ('u', @i)", g.pick("", "SET v_n = @i * 2", "IF @i = 2 THEN ITERATE "+l+"; END IF"), g.audit("u")), ""))
}

// lookup is a query into variables, with what happens where nothing is found.
func (g *Generator) lookup() *Node {
	q := g.pick("SELECT code, qty INTO v_code, v_n FROM par WHERE id = x", "SELECT qty INTO v_qty FROM par WHERE code = 'nope'", "SELECT note INTO v_code FROM kid WHERE id = y", "SELECT MAX(qty), MIN(code) INTO v_n, v_code FROM par", "SELECT amt INTO v_qty FROM kid ORDER BY id DESC LIMIT 1", "SELECT COUNT(*) INTO v_n FROM kid WHERE par_id = x", "SELECT p.code INTO v_code FROM par p JOIN kid k ON k.par_id = p.id WHERE k.id = y")
	switch g.r.IntN(5) {
	case 0:
		return form(Stmt, "  BEGIN\n    DECLARE CONTINUE HANDLER FOR NOT FOUND "+g.pick("SET v_code = 'missing'", "BEGIN SET v_n = -1; SET v_code = NULL; END", "SET z = 'nf'")+";\n$  END;\n", join(Other, g.lines(q, g.audit("look")), ""))
	case 1:
		return form(Stmt, "  BEGIN\n    DECLARE EXIT HANDLER FOR NOT FOUND "+g.pick("SET v_code = 'exit'", "SIGNAL SQLSTATE '45005' SET MESSAGE_TEXT = 'not there'", "BEGIN "+g.audit("nf")+"; END", "RESIGNAL")+";\n$  END;\n", join(Other, g.lines(q, "SET v_m = 7", g.audit("fnd")), ""))
	case 2:
		return leaf(Stmt, "  "+q+";\n  IF v_code IS NULL THEN SET v_code = 'null'; ELSEIF v_n > 3 THEN SET v_code = 'big'; ELSE SET v_n = v_n + 1; END IF;\n")
	case 3:
		return leaf(Stmt, "  IF EXISTS (SELECT 1 FROM par WHERE id = x AND qty > 0) THEN\n    "+g.audit("ex")+";\n  ELSE\n    "+g.pick("INSERT INTO par (code, qty) VALUES (CONCAT('n', x), 0)", "SIGNAL SQLSTATE '45006' SET MESSAGE_TEXT = 'absent'", "SET v_n = -5")+";\n  END IF;\n")
	}
	return leaf(Stmt, "  "+q+";\n")
}

// counting reads counts of rows and generated numbers.
func (g *Generator) counting() *Node {
	return leaf(Stmt, "  "+g.pick("UPDATE many SET hits = 5 WHERE id < x; SET v_n = ROW_COUNT()", "DELETE FROM kid WHERE par_id = x; SELECT ROW_COUNT() INTO v_n", "INSERT INTO par (code) VALUES (CONCAT('i', x)); SET v_m = LAST_INSERT_ID() > 0", "INSERT INTO par (code, qty) VALUES (CONCAT('j', x), 3); INSERT INTO kid (par_id, note) VALUES (LAST_INSERT_ID(), 'new')",
		"DELETE FROM hist; GET DIAGNOSTICS v_n = ROW_COUNT", "UPDATE par SET qty = qty WHERE id = 1; SET v_n = ROW_COUNT()", "INSERT INTO many (id, k1) VALUES (80, 800), (81, 810); IF ROW_COUNT() = 2 THEN SET v_code = 'two'; END IF")+";\n")
}

// raised is a condition that nobody handles here.
func (g *Generator) raised() *Node {
	return leaf(Stmt, "  "+g.audit("bef")+";\n  IF "+g.pick("x > 3", "x = 2", "y IS NULL", "v_n > 2", "v_code = 'none'", "(SELECT COUNT(*) FROM hist) > 2")+" THEN\n    SIGNAL SQLSTATE '"+g.pick("45000", "45000", "45007", "02000", "01000", "23000", "99001")+"' SET MESSAGE_TEXT = "+g.pick("'stop'", "'Order not found'", "v_code")+g.pick("", "", ", MYSQL_ERRNO = 5007")+";\n  END IF;\n  "+g.audit("aft")+";\n")
}

func (g *Generator) scratch() *Node {
	return leaf(Stmt, "  DROP TEMPORARY TABLE IF EXISTS tt;\n  CREATE TEMPORARY TABLE "+g.pick("tt (id INT PRIMARY KEY, n INT)", "tt (id INT, n DECIMAL(10,2))")+";\n  INSERT INTO tt "+g.pick("SELECT id, qty FROM par", "SELECT par_id, SUM(amt) FROM kid WHERE par_id IS NOT NULL GROUP BY par_id", "VALUES (1, x), (2, y)")+";\n  "+g.pick("SELECT SUM(n) INTO v_n FROM tt", "UPDATE par p JOIN tt ON tt.id = p.id SET p.qty = tt.n + 1", "INSERT INTO hist (tab, num) SELECT 'tt', id FROM tt")+";\n  DROP TEMPORARY TABLE tt;\n")
}

func (g *Generator) preparedText() *Node {
	return leaf(Stmt, "  "+g.pick("SET @a = x; PREPARE st FROM 'UPDATE par SET qty = qty + ? WHERE id = ?'; EXECUTE st USING @a, @a; DEALLOCATE PREPARE st", "SET @sql = 'DELETE FROM kid WHERE id = 3'; PREPARE st FROM @sql; EXECUTE st; DEALLOCATE PREPARE st",
		"SET @s = CONCAT('INSERT INTO hist (tab, num) VALUES (''dyn'', ', x, ')'); PREPARE st FROM @s; EXECUTE st; DEALLOCATE PREPARE st", "SET @a = x; PREPARE st FROM 'SELECT qty INTO @b FROM par WHERE id = ?'; EXECUTE st USING @a; DEALLOCATE PREPARE st; SET v_n = @b")+";\n")
}

// calling uses the routines around.
func (g *Generator) calling() *Node {
	switch {
	case g.calls && g.chance(70):
		call := "CALL q(" + g.pick("x", "x - 1", "1") + ", " + g.pick("v_n", "y", "v_m") + ", " + g.pick("v_code", "z") + ")"
		switch g.r.IntN(4) {
		case 0:
			return leaf(Stmt, "  BEGIN\n    DECLARE "+g.pick("EXIT", "CONTINUE")+" HANDLER FOR "+g.pick("SQLEXCEPTION", "SQLSTATE '45000'", "1062", "SQLEXCEPTION, NOT FOUND, SQLWARNING", "NOT FOUND", "1644")+" "+g.failure(false)+";\n    "+g.audit("c")+";\n    "+call+";\n    "+g.audit("d")+";\n  END;\n")
		case 1:
			return leaf(Stmt, "  BEGIN\n    DECLARE EXIT HANDLER FOR SQLEXCEPTION "+g.failure(true)+";\n    START TRANSACTION;\n    "+g.audit("t")+";\n    "+call+";\n    COMMIT;\n  END;\n")
		}
		return leaf(Stmt, "  "+call+";\n")
	case g.writes:
		return leaf(Stmt, "  "+g.pick("SET v_n = f1(x)", "SELECT f1(qty) INTO v_n FROM par WHERE id = x", "SELECT SUM(f1(hits)) INTO v_n FROM many", "IF f1(1) > 0 THEN SET v_code = 'pos'; END IF", "UPDATE par SET qty = f1(qty) WHERE id = x", "INSERT INTO hist (tab, num) VALUES ('f', f1(2))")+";\n")
	}
	return g.lookup()
}

func (g *Generator) function() string {
	body := g.pick("IF n IS NULL THEN RETURN 0; END IF;\n  RETURN n * 2", "CASE WHEN n < 2 THEN RETURN 1; WHEN n < 5 THEN RETURN 2; ELSE RETURN 3; END CASE", "WHILE n > 2 DO SET n = n - 2, r = r + 1; END WHILE;\n  RETURN r", "SELECT qty INTO r FROM par WHERE id = n;\n  RETURN r",
		"IF n > 4 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'fn'; END IF;\n  RETURN n", "INSERT INTO log (what, num) VALUES ('fn', n);\n  RETURN n + 1", "BEGIN\n    DECLARE EXIT HANDLER FOR SQLEXCEPTION RETURN -1;\n    INSERT INTO many (id, k1) VALUES (n, 5);\n  END;\n  RETURN 1", "BEGIN\n    DECLARE CONTINUE HANDLER FOR NOT FOUND SET r = -7;\n    SELECT hits INTO r FROM many WHERE id = n;\n  END;\n  RETURN r")
	return "CREATE FUNCTION f1(n INT) RETURNS " + g.pick("INT", "INT", "DECIMAL(8,2)", "BIGINT") + g.pick(" DETERMINISTIC", " DETERMINISTIC MODIFIES SQL DATA", " READS SQL DATA") + "\nBEGIN\n  DECLARE r INT DEFAULT 0;\n  " + body + ";\nEND"
}

func (g *Generator) guardTrigger() string {
	return "CREATE TRIGGER tr0 " + g.pick(
		"BEFORE UPDATE ON par FOR EACH ROW\nBEGIN\n  IF NEW.qty < 0 THEN\n    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Negative quantity';\n  END IF;\nEND",
		"AFTER UPDATE ON par FOR EACH ROW\n  INSERT INTO hist (tab, num, was, now) VALUES ('par', NEW.id, OLD.qty, NEW.qty)",
		"BEFORE INSERT ON kid FOR EACH ROW\nBEGIN\n  IF NEW.note IS NULL THEN SET NEW.note = 'auto'; END IF;\n  IF NEW.amt > 50 THEN SET NEW.amt = 50; END IF;\nEND",
		"BEFORE DELETE ON par FOR EACH ROW\n  IF OLD.qty > 3 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Stock left', MYSQL_ERRNO = 1644; END IF",
		"AFTER INSERT ON many FOR EACH ROW\nBEGIN\n  UPDATE par SET qty = qty + 1 WHERE id = NEW.id;\n  INSERT INTO hist (tab, num) VALUES ('many', NEW.id);\nEND",
		"BEFORE INSERT ON many FOR EACH ROW\nBEGIN\n  DECLARE v INT;\n  SELECT COUNT(*) INTO v FROM par WHERE id = NEW.id;\n  IF v = 0 AND NEW.k1 > 500 THEN SIGNAL SQLSTATE '45008' SET MESSAGE_TEXT = 'No parent'; END IF;\nEND")
}
