package fuzz

import (
	"maps"
	"strings"
)

// DepotScript is a script that makes the tables of DepotSetup and changes them: every form of INSERT, UPDATE and DELETE with values that do not fit, transactions, ALTER, views, triggers and variables.
func (g *Generator) DepotScript() *Node { return g.depotRun("change", 4+g.r.IntN(7)) }

// DepotRoutine is a script that makes the tables of DepotSetup, routines over them with handlers, cursors and signals, and calls them.
func (g *Generator) DepotRoutine() *Node { return g.depotRun("unit", 1) }

// DepotRoutines are the routines and other objects that scripts over DepotSetup may leave behind, as DROP names them.
var DepotRoutines = []string{"VIEW yv", "TABLE ynew", "TABLE ycopy", "TABLE yold", "TEMPORARY TABLE ytmp", "PROCEDURE yp", "PROCEDURE yq", "FUNCTION yf", "FUNCTION yg"}

func (g *Generator) depotRun(rule string, n int) *Node {
	var kids []*Node
	add := func(k *Node) { kids = append(kids, form(Stmt, "$"+ShopSeparator, k)) }
	if g.chance(15) {
		add(leaf(Other, "SET SESSION sql_mode = '"+g.pick("", "STRICT_ALL_TABLES", "STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO", "TRADITIONAL", "ANSI_QUOTES,STRICT_TRANS_TABLES", "PIPES_AS_CONCAT,STRICT_TRANS_TABLES")+"'"))
	}
	var setup []*Node
	for _, q := range strings.Split(strings.TrimSuffix(DepotSetup, ";\n"), ";\n") {
		setup = append(setup, form(Other, "$"+ShopSeparator, leaf(Other, q)))
	}
	kids = append(kids, join(Stmt, setup, ""))
	for range n {
		g.depth = 1 + g.r.IntN(2)
		g.overDepot("=device")
		for _, k := range splitShop(g.grow(depotChanges, rule)) {
			add(k)
		}
	}
	for _, t := range DepotTables {
		add(leaf(Other, depotDumps[t]))
	}
	out := join(Other, kids, "")
	visit(out, func(k *Node) bool {
		for i := range k.Text {
			k.Text[i] = strings.ReplaceAll(k.Text[i], "§", "y")
		}
		return true
	})
	return out
}

// depotDumps are what is in the tables at the end. Generated numbers of journal are left out.
var depotDumps = map[string]string{
	"reading": "SELECT device, at, stamp, val, code, unit, ok, half FROM §reading", "device": "SELECT site, serial, kind, caps, level, big, ubig, made, boot, warm, bits > 9 AS bits, live, note FROM §device", "site": "SELECT * FROM §site ORDER BY id",
	"tag": "SELECT * FROM §tag ORDER BY device, name", "journal": "SELECT what, n, s FROM §journal",
}

// depotChanges are the rules of scripts: those of queries over tables with the prefix, and of changes and routines.
var depotChanges = func() grammar {
	out := maps.Clone(depotRules)
	for k, list := range out {
		list = append([]string(nil), list...)
		for i := range list {
			for _, t := range DepotTables {
				for _, w := range []string{"FROM ", "JOIN "} {
					for _, end := range []string{" ", ")", "["} {
						list[i] = strings.ReplaceAll(list[i], w+t+end, w+"§"+t+end)
					}
				}
			}
		}
		out[k] = list
	}
	maps.Copy(out, depotWrites)
	maps.Copy(out, depotUnits)
	return out
}()

// depotWrites are the rules of changes.
var depotWrites = grammar{
	"ign":   {"", "", "", "IGNORE "},
	"see":   {"SELECT ROW_COUNT() AS n", "SELECT COUNT(*) AS n, SUM(level) AS s, MAX(serial COLLATE utf8mb4_bin) AS m FROM §device", "SELECT id, serial, kind, level FROM §device WHERE <cnd> ORDER BY id", "SELECT LAST_INSERT_ID() > 6 AS n", "SELECT device, COUNT(*) AS n, SUM(val) AS v FROM §reading GROUP BY device", "SELECT COUNT(*) AS n, MAX(weight) AS m FROM §tag WHERE since IS NULL"},
	"set":   {"level = [[level + 1|200|-129|NULL|'9'|'9x'|'x'|1.5|2.5|-1.5|level * 2|big|NOT level|live]]", "level = <num>", "ubig = [[ubig + 1|-1|ubig - 1|18446744073709551615|level|'12'|1e19|big]]", "big = [[big + 1|ubig|-big|big * 2|0.5|'0x10'|NULL|level]]", "made = [[made + 1|99|69|70|0|'0'|2156|1900|'2024'|NULL|20]]", "boot = [['2024-02-30'|'2024-06-07 08:09:10.5556'|20240607|boot + INTERVAL 1 MONTH|NULL|'2024-06-07T10:00:00'|'bad'|'0000-00-00'|boot|CONCAT('2024-01-0', id)]]", "boot = <mom>", "warm = [['10:20'|'900:00:00'|'-1 02:03:04'|101112|warm + INTERVAL 1 HOUR|'x'|NULL|ADDTIME(warm, '1:1:1')|10.6]]", "warm = <tim>", "kind = [['pump'|'PUMP'|2|'4'|4|'none'|NULL|''|IF(live, 'fan', 'valve')|kind]]", "caps = [['usb,wifi'|'none'|7|8|''|CONCAT_WS(',', caps, 'usb')|'usb,usb'|NULL|caps]]", "bits = [[bits + 1|64|b'1111'|'a'|NULL|bits & 5|id]]", "live = [[NOT live|level > 0|2|300|'1'|live + live]]", "live = <cnd>", "note = [[CONCAT(note, '!')|level|REPEAT('x', 20)|boot|NULL|UPPER(serial)|made|TRIM(note)]]", "note = <txt>", "serial = [[CONCAT(serial, '-', id)|LOWER(serial)|'P-100'|NULL|''|REPEAT(serial, 4)|id|LPAD(id, 25, '0')|UPPER(serial)]]", "site = [[NULL|99|1|site + 1|(SELECT MAX(id) FROM §site)|-1]]", "level = level + 1, note = level", "level = 5, big = level * 2, ubig = big", "id = id + [[10|1]]"},
	"where": {"", " WHERE <cnd>", " WHERE <cnd>", " WHERE id = [[1|2|3|4|5]]", " WHERE id IN (1, 3, '5')", " WHERE live", " WHERE serial LIKE [['%0%'|'f%'|'12']]", " WHERE id IN (SELECT device FROM §reading WHERE val > 0)", " WHERE site IS NULL OR level < 0", " ORDER BY id LIMIT 2", " WHERE kind <> 'fan' ORDER BY serial DESC LIMIT 1", " WHERE EXISTS (SELECT 1 FROM §tag t WHERE t.device = §device.id)", " WHERE boot < '2024-01-15' OR boot IS NULL", " WHERE level BETWEEN -5 AND 10", " ORDER BY id DESC"},
	"dev":   {"(1, 'N-1', 'fan', 'usb', 5)", "(NULL, 'N-2', 'valve', '', NULL)", "(1, 'P-100', 'pump', 'wifi', 1)", "(2, 'p-100', 2, 5, '7')", "(99, 'N-3', 'fan', '', 1)", "(1, 'N-4', 'none', '', 1)", "(1, 'N-5', 'fan', 'none', 1)", "(1, 'N-6', 'fan', '', 128)", "(1, NULL, 'fan', '', 1)", "(1, 'a serial that is longer than twenty', 'fan', '', 1)", "(1, CONCAT('N', 7), DEFAULT, DEFAULT, DEFAULT)", "(1, 12, 'fan', '', 1)", "(200, 'N-8', 'fan', 'lora,wifi', 1.5)", "(-1, 'N-9', 'fan', '', 'x')", "(1, ' p-600', 'fan', '', (SELECT COUNT(*) FROM §site))", "(3, 'F-200', 'fan', '', 10 DIV 3)"},
	"rea":   {"(1, '2024-05-01', 1.5, 1)", "(1, '2024-05-01 10:00', NULL, DEFAULT)", "(99, NOW(), 1, 1)", "(2, '2024-02-30', 1, 1)", "(2, NULL, 1, 1)", "(3, 20240501, '2.55555', 2)", "(3, '2024-05-01', 1e9, 1)", "(3, '2024-05-01', 'x', 1)", "(5, '2024-05-01 25:00:00', 1, 1)", "(6, '24-5-1 1:2:3', -0.00005, 40000)", "(6, '2024-05-01', 1 / 3, 1.5)", "(6, '2024-05-01 23:59:59.9', 5 / 0, 1)"},
	"dup":   {"level = VALUES(level)", "level = level + 1", "note = CONCAT_WS('/', note, VALUES(serial))", "serial = CONCAT(serial, 'x')", "level = VALUES(level) + level, note = level", "live = NOT live", "kind = VALUES(kind), caps = VALUES(caps)", "level = IFNULL(VALUES(level), 0)", "id = LAST_INSERT_ID(id)", "level = NULL", "serial = 'F-200'"},
	"one":   {"UPDATE §device SET <set><where>", "UPDATE §device SET <set><where>", "INSERT INTO §device (site, serial, kind, caps, level) VALUES <dev>", "INSERT INTO §device (site, serial, kind, caps, level) VALUES <dev> ON DUPLICATE KEY UPDATE <dup>", "DELETE FROM §device WHERE id = [[1|2|4]]", "REPLACE INTO §device (site, serial, kind, caps, level) VALUES <dev>", "UPDATE §tag SET weight = weight * 2", "INSERT INTO §reading (device, at, val, code) VALUES <rea>", "INSERT INTO §journal (what, n, s) VALUES ('one', <con>, LEFT(<cot>, 80))"},
	"change": {
		"UPDATE <ign>§device SET <set><where>", "UPDATE <ign>§device SET <set><where>;;<see>", "UPDATE §device SET <set>, <set><where>", "UPDATE §device SET <set><where>;;<see>", "UPDATE §device d JOIN §reading r ON r.device = d.id SET d.level = [[r.code|d.level + 1|COALESCE(r.val, 0)]][[|, r.ok = d.live|, r.val = r.val + 1]] WHERE r.[[id IN (1, 5)|val > 0|ok]];;<see>", "UPDATE §reading SET [[val = val * 1.1|val = val / 0|val = val + code, code = val|at = at + INTERVAL 1 DAY|at = stamp|unit = 'long unit'|unit = CONCAT(unit, 'x')|ok = ok IS NULL|code = code + 1|code = val|stamp = at|stamp = '2039-01-01'|half = DEFAULT|device = 2|device = 77|val = ROUND(val)|val = (SELECT AVG(weight) FROM §tag)]][[| WHERE id < 4| WHERE val > 0| ORDER BY id DESC LIMIT 2| WHERE unit = 'c']]", "UPDATE §device d LEFT JOIN §tag t ON t.device = d.id SET d.note = [[t.name|IFNULL(t.name, 'untagged')|CONCAT(d.serial, COALESCE(t.weight, ''))]] WHERE [[t.device IS NULL|t.weight > 0|d.id > 4]]", "UPDATE §site p, §site s SET p.budget = COALESCE(p.budget, 0) + 1 WHERE s.parent = p.id AND s.[[grade = 'mid'|id > 2]]", "UPDATE §site SET [[id = id + 5|code = LOWER(code)|code = UPPER(code)|grade = grade + 1|grade = NULL|budget = budget / 3|budget = budget * 1e12|opened = opened + INTERVAL 1 YEAR|opened = '2023-02-29'|label = CONCAT(label, code)|lat = lat * 1e300|meta = JSON_SET(meta, '$.x', id)|meta = 'no json'|meta = JSON_ARRAY(label, lat)|parent = id]][[| WHERE id = 2| WHERE id < 4| WHERE parent = 1]]", "UPDATE §device d JOIN (SELECT device, COUNT(*) AS n, MAX(val) AS m FROM §reading GROUP BY device) z ON z.device = d.id SET d.level = z.n, d.note = z.m", "UPDATE §tag SET [[name = UPPER(name)|name = CONCAT(name, 'er')|device = device + 1|device = 1|weight = weight - since|weight = -weight|since = since + INTERVAL weight DAY|name = 'red']][[| WHERE device = 1| WHERE weight > 0| ORDER BY device DESC, name DESC]]",
		"DELETE FROM §device<where>;;<see>", "DELETE FROM §site WHERE id = [[1|2|4]]", "DELETE FROM §reading WHERE [[val IS NULL|code BETWEEN 0 AND 1|at < '2024-01-02'|ok|device = 3 ORDER BY id LIMIT 1]];;<see>", "DELETE d FROM §device d LEFT JOIN §reading r ON r.device = d.id WHERE r.id IS NULL", "DELETE t, d FROM §tag t JOIN §device d ON d.id = t.device WHERE t.weight < [[1|0|5]];;<see>", "DELETE FROM t USING §tag AS t JOIN §device d ON d.id = t.device WHERE d.kind = 'pump'", "DELETE <ign>FROM §tag WHERE name IN ('red', [[1|'x'|NULL]])", "DELETE FROM §tag WHERE (device, name) = (1, 'blue')", "DELETE FROM §tag WHERE weight [[<|>]] ALL (SELECT code FROM §reading WHERE ok)",
		"INSERT <ign>INTO §device (site, serial, kind, caps, level) VALUES <dev>;;<see>", "INSERT <ign>INTO §device (site, serial, kind, caps, level) VALUES <dev>, <dev>, <dev>;;<see>", "INSERT INTO §device (site, serial, kind, caps, level) VALUES <dev> ON DUPLICATE KEY UPDATE <dup>;;<see>", "INSERT INTO §device (site, serial, kind, caps, level) VALUES <dev>, <dev> ON DUPLICATE KEY UPDATE <dup>, <dup>;;<see>", "REPLACE INTO §device (site, serial, kind, caps, level) VALUES <dev>, <dev>;;<see>", "INSERT <ign>INTO §reading (device, at, val, code) VALUES <rea>, <rea>;;<see>", "INSERT INTO §device SET serial = 'S-1', level = [[level|5|DEFAULT(level)]], site = [[1|NULL|'2']]", "INSERT <ign>INTO §tag VALUES ([[1, 'RED', 1, NULL|1, 'new', 'x', '2024-01-01'|1, 'a name too long', 1, NULL|7, '', DEFAULT, 20240101|3, 'Green', 2, '2024-00-00'|-1, 'n', 1, NULL]])", "INSERT INTO §tag (device, name) SELECT id, LEFT(serial, 12) FROM §device<where1> ON DUPLICATE KEY UPDATE weight = weight + 1;;<see>", "INSERT INTO §tag SELECT device + 10, name, weight, since FROM §tag WHERE weight > [[0|-5]]", "REPLACE INTO §tag SELECT device, UPPER(name), weight + 1, NULL FROM §tag WHERE device < 3;;<see>", "INSERT INTO §journal (what, n, s) SELECT kind, <num>, LEFT(<txt>, 80) FROM §device", "INSERT INTO §journal (what, n) SELECT unit, <ragg> FROM §reading r GROUP BY unit HAVING COUNT(*) > 1", "INSERT INTO §journal (n, s) SELECT r.id, ROW_NUMBER() OVER (ORDER BY r.val DESC, r.id) FROM §reading r", "INSERT INTO §journal (what, n) WITH RECURSIVE q AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM q WHERE i < 4) SELECT 'rec', i * i FROM q", "INSERT INTO §site (id, code) VALUES ([[5, 'hQ'|5, 'HQ'|256, 'X'|-1, 'X'|'6', 'Y'|7, 'toolongcode'|8, 12.5]])", "INSERT INTO §reading (device, at, val) SELECT id, boot, level FROM §device WHERE boot IS NOT NULL", "INSERT INTO §reading SELECT NULL, device, at, stamp, val, code, unit, ok, DEFAULT FROM §reading WHERE id = 1",
		"START TRANSACTION;;<one>;;<one>;;[[COMMIT|ROLLBACK]]", "BEGIN;;<one>;;SAVEPOINT a;;<one>;;SAVEPOINT b;;<one>;;ROLLBACK TO SAVEPOINT [[a|b]];;<one>;;COMMIT", "START TRANSACTION;;SAVEPOINT a;;<one>;;RELEASE SAVEPOINT a;;[[ROLLBACK TO a|<one>]];;[[COMMIT|ROLLBACK]]", "SET autocommit = 0;;<one>;;ROLLBACK;;<one>;;COMMIT;;SET autocommit = 1", "START TRANSACTION READ ONLY;;SELECT COUNT(*) FROM §device;;COMMIT", "START TRANSACTION;;<one>;;CREATE TABLE §new (a INT);;ROLLBACK;;DROP TABLE §new",
		"SET @n = [[<con>|7|'abc'|NULL|1.50]], @s = [[<cot>|'v'|12]];;SELECT @n AS n, @s AS s, @n + 1 AS m, CONCAT(@s, @n) AS c;;UPDATE §device SET level = @n WHERE id = 3;;INSERT INTO §journal (what, s) VALUES ('var', @s)", "SELECT @c := COUNT(*), @m := MAX(level) FROM §device;;SELECT @c + @m AS t;;INSERT INTO §journal (n, s) VALUES (@c, @m)", "SELECT serial, level INTO @s, @n FROM §device WHERE id = [[1|4|99]];;SELECT @s AS s, @n AS n", "SET @a = 1;;SET @a = @a + 1, @b = @a;;SELECT @a AS a, @b AS b", "PREPARE st FROM [['UPDATE §device SET level = ? WHERE serial = ?'|'INSERT INTO §journal (n, s) VALUES (?, ?)'|'DELETE FROM §tag WHERE weight < ? OR name = ?']];;SET @x = [[5|'6'|NULL|300]], @y = [['P-100'|'red'|12]];;EXECUTE st USING @x, @y;;<see>;;DEALLOCATE PREPARE st",
		"CREATE VIEW §v AS SELECT id, serial, level, kind, live FROM §device WHERE [[live|level > 0|kind = 'fan']][[| WITH CHECK OPTION| WITH LOCAL CHECK OPTION]];;[[UPDATE §v SET level = level - 1|UPDATE §v SET live = 0|INSERT INTO §v (serial, level) VALUES ('view', 3)|DELETE FROM §v WHERE level < 0|UPDATE §v SET kind = 'pump' WHERE id = 3]];;<see>;;SELECT * FROM §v ORDER BY id;;DROP VIEW §v", "CREATE OR REPLACE VIEW §v (k, n, t) AS SELECT d.kind, COUNT(*), SUM(r.val) FROM §device d LEFT JOIN §reading r ON r.device = d.id GROUP BY d.kind;;SELECT * FROM §v WHERE n > 1;;SELECT SUM(n) AS a, MAX(t) AS b FROM §v;;DROP VIEW §v", "CREATE TEMPORARY TABLE §tmp (id INT, serial VARCHAR(20), dbl INT, x VARCHAR(80));;INSERT INTO §tmp SELECT id, serial, level * 2, LEFT(<any>, 80) FROM §device;;INSERT INTO §tmp (id, serial) VALUES (9, 'tmp');;SELECT id, serial, dbl FROM §tmp ORDER BY id;;DELETE FROM §device WHERE id IN (SELECT id FROM §tmp WHERE dbl < 0);;DROP TEMPORARY TABLE §tmp", "CREATE TABLE §copy LIKE §device;;INSERT INTO §copy SELECT * FROM §device WHERE id < 4;;INSERT <ign>INTO §copy (serial) VALUES ('f-200'), ('free');;SELECT id, serial, kind, live FROM §copy ORDER BY id;;DROP TABLE §copy",
		"ALTER TABLE §device ADD COLUMN extra [[INT NOT NULL|VARCHAR(5) NOT NULL DEFAULT 'ab'|DECIMAL(5,2) DEFAULT 1.5 AFTER serial|BOOLEAN DEFAULT TRUE|BIGINT AS (level * 2) VIRTUAL|DATETIME|ENUM('p','q') DEFAULT 'q'|CHAR(3) FIRST]];;SELECT id, extra FROM §device ORDER BY id;;INSERT INTO §device (serial) VALUES ('late');;SELECT serial, extra FROM §device WHERE serial = 'late'", "ALTER TABLE §reading [[MODIFY val DECIMAL(14,2)|MODIFY code INT NOT NULL|CHANGE unit measure VARCHAR(10)|DROP COLUMN half|ADD INDEX rx (code, unit)|ALTER COLUMN code SET DEFAULT 9|MODIFY ok BOOLEAN NOT NULL|MODIFY code TINYINT NOT NULL|ADD CONSTRAINT ck CHECK (val < 100)|MODIFY val DOUBLE|MODIFY unit CHAR(2)|ADD COLUMN seq INT DEFAULT 1, ADD UNIQUE KEY rq (device, at, code)]];;INSERT INTO §reading (device, at, val) VALUES (1, '2024-09-09', 12.345);;SELECT device, val, code FROM §reading WHERE id > 8", "ALTER TABLE §tag RENAME TO §old;;SELECT COUNT(*) FROM §old;;RENAME TABLE §old TO §tag", "ALTER TABLE §tag DROP PRIMARY KEY, ADD COLUMN id INT AUTO_INCREMENT PRIMARY KEY FIRST;;INSERT INTO §tag (device, name) VALUES (1, 'red');;SELECT id, device, name FROM §tag ORDER BY id;;ALTER TABLE §tag DROP COLUMN id", "TRUNCATE TABLE [[§tag|§journal|§reading]];;INSERT INTO §tag (device, name) VALUES (1, 't');;<see>", "CREATE UNIQUE INDEX ux ON §tag (weight);;INSERT <ign>INTO §tag (device, name, weight) VALUES (50, 'w', 10);;DROP INDEX ux ON §tag",
		"CREATE TRIGGER ytg1 BEFORE [[INSERT|UPDATE]] ON §device FOR EACH ROW BEGIN <tb> <tb> END;;<one>;;<one>;;INSERT INTO §device (site, serial, kind, caps, level) VALUES <dev>;;DROP TRIGGER ytg1", "CREATE TRIGGER ytg2 AFTER [[INSERT|UPDATE|DELETE]] ON §tag FOR EACH ROW BEGIN <ta> END;;UPDATE §tag SET weight = weight + 1 WHERE device < 4;;DELETE FROM §tag WHERE name = 'red';;INSERT INTO §tag (device, name, weight) VALUES (3, 'q', -4), (3, 'r', 50);;<see>;;DROP TRIGGER ytg2", "CREATE TRIGGER ytg3 BEFORE DELETE ON §reading FOR EACH ROW IF OLD.ok THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ok rows stay'; ELSE INSERT INTO §journal (what, n) VALUES ('gone', OLD.id); END IF;;DELETE FROM §reading WHERE id [[= 1|> 5|IN (2, 3)|= 2]];;<see>;;DROP TRIGGER ytg3", "CREATE TRIGGER ytg4 AFTER UPDATE ON §device FOR EACH ROW INSERT INTO §journal (what, n, s) VALUES ([['upd'|NEW.kind|OLD.serial]], [[NEW.level|NEW.level - OLD.level|OLD.id]], [[NEW.note|CONCAT(OLD.serial, '>', NEW.serial)|NEW.boot]]);;UPDATE §device SET <set><where>;;UPDATE §device SET level = level + 1;;<see>;;DROP TRIGGER ytg4",
		"<see>", "<see>", "SELECT d.id, <any> AS c1 FROM §device d<wd> ORDER BY d.id", "SELECT <ragg> AS a1 FROM §reading r", "SET FOREIGN_KEY_CHECKS = 0;;DELETE FROM §site WHERE id = 1;;SET FOREIGN_KEY_CHECKS = 1", "LOCK TABLES §tag WRITE, §device READ;;UPDATE §tag SET weight = 0;;UNLOCK TABLES", "SET SESSION sql_mode = '';;<one>;;SET SESSION sql_mode = DEFAULT",
	},
	"con":    {"1", "0", "-1.5", "1e3", "7 / 2", "10 DIV 4", "LENGTH('abc')", "ABS(-3)", "'12' + 1", "DATEDIFF('2024-03-01', '2024-02-01')", "IF(1 > 2, 3, 4.5)", "NULL", "ROUND(2.567, 1)", "(SELECT COUNT(*) FROM §tag)", "@w + 1"},
	"cot":    {"'lit'", "CONCAT('a', 1, NULL)", "CONCAT_WS('-', 'a', 2.50)", "REPEAT('ab', 3)", "DATE_FORMAT('2024-02-29', '%d.%m')", "12.50", "UPPER('ß')", "(SELECT MAX(name) FROM §tag WHERE device = 2)", "IFNULL(NULL, 'n')", "@s", "CAST(1.5 AS CHAR)"},
	"ragg":   {"COUNT(*)", "SUM(r.val)", "AVG(r.code)", "MAX(r.at) + 0", "MIN(r.val)", "COUNT(DISTINCT r.unit)", "SUM(r.val) / 3", "STD(r.code)"},
	"wd":     {"", " WHERE d.live", " WHERE d.level > 0", " WHERE d.serial > 'f'"},
	"where1": {"", " WHERE live", " WHERE id < 4"},
	"tb":     {"SET NEW.level = NEW.level + 1;", "IF NEW.level > 100 THEN SET NEW.level = 100; END IF;", "SET NEW.note = CONCAT_WS('|', NEW.note, NEW.kind, NEW.caps);", "IF NEW.serial LIKE 'N%' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no N'; END IF;", "SET NEW.serial = UPPER(TRIM(NEW.serial));", "INSERT INTO §journal (what, s) VALUES ('tb', NEW.serial);", "SET @hits = COALESCE(@hits, 0) + 1;", "IF NEW.site IS NULL THEN SET NEW.site = (SELECT MIN(id) FROM §site); END IF;", "SET NEW.live = NEW.level IS NOT NULL;", "SET NEW.made = YEAR('2024-05-05');", "BEGIN DECLARE k INT DEFAULT 0; SELECT COUNT(*) INTO k FROM §tag WHERE device = NEW.id; SET NEW.bits = k; END;", "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SET NEW.note = 'handled'; INSERT INTO §tag (device, name) VALUES (1, 'red'); END;"},
	"ta":     {"INSERT INTO §journal (what, n) VALUES ('ta', 1);", "UPDATE §device SET note = CONCAT(IFNULL(note, ''), '*') WHERE id = 1;", "IF (SELECT COUNT(*) FROM §journal) > 1 THEN SIGNAL SQLSTATE '45001' SET MESSAGE_TEXT = 'full', MYSQL_ERRNO = 3001; END IF; INSERT INTO §journal (what) VALUES ('fill');", "DECLARE i INT DEFAULT 0; WHILE i < 2 DO INSERT INTO §journal (what, n) VALUES ('loop', i); SET i = i + 1; END WHILE;", "INSERT INTO §journal (what, n) SELECT name, weight FROM §tag WHERE device = 1;", "DELETE FROM §reading WHERE device = 5;"},
}
