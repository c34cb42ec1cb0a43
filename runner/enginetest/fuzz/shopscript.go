package fuzz

import (
	"maps"
	"strings"
)

// ShopSeparator stands between the statements of a script of a shop.
const ShopSeparator = "\n;;\n"

// ShopScript is a script that makes the tables of a shop and changes them: as an application does, with views, triggers, transactions and what is asked behind a change.
func (g *Generator) ShopScript() *Node { return g.shopRun("change", 3+g.r.IntN(6)) }

// ShopRoutine is a script that makes the tables of a shop and routines, and calls them.
func (g *Generator) ShopRoutine() *Node { return g.shopRun("proc", 1) }

// ShopRoutines are the routines and other objects that scripts of a shop may leave behind, as DROP names them.
var ShopRoutines = []string{"VIEW xv", "TABLE xnew", "TABLE xcopy", "TEMPORARY TABLE xtmp", "PROCEDURE pr", "PROCEDURE pq", "FUNCTION fn", "FUNCTION fw"}

func (g *Generator) shopRun(rule string, n int) *Node {
	var kids []*Node
	add := func(k *Node) { kids = append(kids, form(Stmt, "$"+ShopSeparator, k)) }
	if g.chance(12) {
		add(leaf(Other, "SET SESSION sql_mode = '"+g.pick("", "STRICT_TRANS_TABLES", "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO", "TRADITIONAL")+"'"))
	}
	var setup []*Node
	for _, q := range strings.Split(strings.TrimSuffix(ShopSetup, ";\n"), ";\n") {
		setup = append(setup, form(Other, "$"+ShopSeparator, leaf(Other, q)))
	}
	kids = append(kids, join(Stmt, setup, ""))
	for range n {
		g.depth = 2
		g.over("=clients")
		one := g.grow(shopChanges, rule)
		for _, k := range splitShop(one) {
			add(k)
		}
	}
	for _, t := range ShopTables {
		add(leaf(Other, shopDumps[t]))
	}
	out := join(Other, kids, "")
	visit(out, func(k *Node) bool {
		for i := range k.Text {
			k.Text[i] = strings.ReplaceAll(k.Text[i], "§", "x")
		}
		return true
	})
	return out
}

// splitShop gives the statements of a piece: ";;" stands between them.
func splitShop(n *Node) []*Node {
	var out []*Node
	now := &Node{}
	n = flat(n)
	for i, t := range n.Text {
		parts := strings.Split(t, ";;")
		for j, p := range parts {
			if j > 0 {
				out = append(out, now)
				now = &Node{}
				now.Text = append(now.Text, p)
			} else {
				now.Text = append(now.Text, p)
			}
		}
		if i < len(n.Kids) {
			now.Kids = append(now.Kids, n.Kids[i])
		}
	}
	return append(out, now)
}

// flat puts what pieces with several statements are made of in their places.
func flat(n *Node) *Node {
	out := &Node{Text: []string{n.Text[0]}}
	for i, k := range n.Kids {
		if !strings.Contains(k.String(), ";;") {
			out.Kids, out.Text = append(out.Kids, k), append(out.Text, n.Text[i+1])
			continue
		}
		k = flat(k)
		out.Text[len(out.Text)-1] += k.Text[0]
		out.Kids, out.Text = append(out.Kids, k.Kids...), append(out.Text, k.Text[1:]...)
		out.Text[len(out.Text)-1] += n.Text[i+1]
	}
	return out
}

// shopDumps are what is in the tables at the end. Generated numbers of audit are left out.
var shopDumps = map[string]string{
	"items": "SELECT * FROM §items ORDER BY ord, pos", "orders": "SELECT client, placed, status, note, total, sent FROM §orders", "goods": "SELECT id, sku, title, price, weight, stock, tags, made, info FROM §goods ORDER BY id", "clients": "SELECT name, email, city, tier, credit, active, joined, seen, agent, points FROM §clients",
	"staff": "SELECT * FROM §staff ORDER BY id", "audit": "SELECT what, num, txt FROM §audit",
}

var shopChanges = func() grammar {
	out := maps.Clone(shopRules)
	for k, list := range out { // subqueries are about the tables with the prefix
		list = append([]string(nil), list...)
		for i := range list {
			for _, t := range ShopTables {
				for _, w := range []string{"FROM ", "JOIN "} {
					list[i] = strings.ReplaceAll(list[i], w+t+" ", w+"§"+t+" ")
					list[i] = strings.ReplaceAll(list[i], w+t+")", w+"§"+t+")")
				}
			}
		}
		out[k] = list
	}
	maps.Copy(out, grammar{
		"small":  {"FLOOR(ABS(COALESCE(<num>, 0)) % 1000)", "1", "7", "points + 1", "credit", "credit / 3", "active + 1", "id * 2"},
		"short":  {"LEFT(<txt>, 12)", "'new'", "CONCAT(LEFT(name, 5), '!')", "UPPER(name)", "NULLIF(city, 'Wien')", "IF(active, 'on', 'off')"},
		"ignore": {"", "", "", "IGNORE "},
		"ask":    {"SELECT ROW_COUNT() AS n", "SELECT LAST_INSERT_ID() > 0 AS n", "SELECT COUNT(*) AS n, SUM(credit) AS s, MAX(points) AS m FROM §clients", "SELECT id, tier, credit, city FROM §clients WHERE <cnd> ORDER BY id", "SELECT status, COUNT(*) AS n, SUM(total) AS s FROM §orders GROUP BY status", "SELECT name FROM §clients ORDER BY name COLLATE utf8mb4_bin LIMIT 3"},
		"set": {"credit = <small>", "points = <small>", "city = <short>", "name = CONCAT(name, '2')", "tier = [['gold'|'silver'|2|'GOLD'|NULL|'zinc'|IF(points > 20, 'gold', tier)|CASE WHEN credit > 100 THEN 'gold' WHEN credit > 0 THEN 'silver' ELSE 'bronze' END]]", "active = NOT active", "active = <cnd>", "joined = <dat>", "joined = DATE_ADD(joined, INTERVAL [[1|-1]] [[MONTH|DAY|YEAR]])", "seen = <mom>", "seen = [['2024-05-06'|joined|20240506|'2024-05-06 7:8']]", "email = CONCAT('m', id, '@q.com')", "email = [['anna@x.at'|LOWER(email)|NULL]]",
			"agent = [[1|NULL|99|agent + 1|(SELECT MIN(id) FROM §staff WHERE dept = 'it')]]", "points = points - [[1|10]]", "credit = credit * [[1.1|100|-1|0]]", "points = points * 2, credit = points", "credit = (SELECT SUM(o.total) FROM §orders o WHERE o.client = §clients.id)", "points = (SELECT COUNT(*) FROM §orders o WHERE o.client = §clients.id), city = points", "credit = ROUND(credit / 7, 1)", "credit = credit + '1.5'", "credit = '12abc'", "points = 2.5", "points = 'x'", "city = credit", "name = joined", "points = -1", "credit = 1e9", "name = REPEAT('ab', 30)", "credit = DEFAULT", "city = DEFAULT(city)", "id = id + 100"},
		"which": {"", " WHERE <cnd>", " WHERE <cnd>", " WHERE id = [[1|2|5]]", " WHERE id IN (1, 3, 5)", " WHERE tier = 'gold'", " WHERE id IN (SELECT client FROM §orders WHERE total > 40)", " WHERE NOT EXISTS (SELECT 1 FROM §orders o WHERE o.client = §clients.id)", " ORDER BY id LIMIT 2", " WHERE active ORDER BY credit DESC, id LIMIT 1", " WHERE credit > (SELECT AVG(price) FROM §goods)"},
		"row":   {"('Neu', 'n1@x.at', 'Linz', 'silver', 12.5)", "('Neu', NULL, DEFAULT, DEFAULT, DEFAULT)", "('Otto', 'anna@x.at', 'Wien', 'gold', 1)", "('Otto', 'BERT@y.de', NULL, 3, '7.555')", "('a name that is much longer than the forty characters it may have', 'l@x.at', 'x', 'gold', 0)", "('Pia', 'pia@x.at', 'Graz', 'zinc', 5)", "('Rob', CONCAT('r', 1 + 1, '@x.at'), UPPER('rom'), 'bronze', 10 / 4)", "(NULL, 'nul@x.at', 'x', 'gold', 1)", "('Sue', 'sue@x.at', 'x', 'gold', 123456789012)", "('Tom', 'tom@x.at', '', '', -0.005)"},
		"dup":   {"credit = credit + VALUES(credit)", "name = VALUES(name), points = points + 1", "city = CONCAT(city, '/', VALUES(city))", "points = points + 1", "credit = IF(VALUES(credit) > credit, VALUES(credit), credit)", "tier = VALUES(tier), credit = VALUES(credit)", "email = CONCAT('x', email)", "id = LAST_INSERT_ID(id), points = 5", "name = COALESCE(VALUES(name), name)", "credit = (SELECT MAX(price) FROM §goods)", "points = 0, credit = points + 1"},
		"stamp": {"'2024-04-01'", "'2024-04-01 12:30:00'", "DATE_ADD('2024-03-31', INTERVAL 1 MONTH)", "20240401", "'2024-04-31'", "STR_TO_DATE('1.4.2024', '%d.%m.%Y')"},
		"change": {
			"UPDATE <ignore>§clients SET <set><which>", "UPDATE <ignore>§clients SET <set>, <set><which>;;<ask>", "UPDATE §clients SET <set><which>", "UPDATE §clients c JOIN §orders o ON o.client = c.id SET c.points = c.points + 1[[|, o.note = c.name|, o.status = 'void']] WHERE o.total > [[40|0|1000]];;<ask>", "UPDATE §orders o JOIN (SELECT ord, SUM(amount) AS s, COUNT(*) AS n FROM §items GROUP BY ord) t ON t.ord = o.id SET o.total = t.s[[|, o.note = CONCAT(t.n, ' items')|, o.status = IF(t.n > 1, 'paid', o.status)]]", "UPDATE §clients c LEFT JOIN §orders o ON o.client = c.id SET c.active = 0 WHERE o.id IS NULL", "UPDATE §goods g, §items l SET g.stock = g.stock + 1 WHERE l.good = g.id AND l.ord = [[1|7|2]]", "UPDATE §goods SET stock = stock - [[1|5|100]]<gwhich>", "UPDATE <ignore>§goods SET [[price = price * 1.1|price = price / 3|weight = weight + 0.1|title = CONCAT(title, ' ', made)|tags = 'sale'|tags = CONCAT_WS(',', tags, 'new')|tags = tags / 3|made = made + 1|made = '69'|sku = LOWER(sku)|sku = 'AB-001'|info = JSON_SET(info, '$.x', price)|info = JSON_REMOVE(info, '$.color')|info = NULL|price = -price|stock = price|price = stock / 0|id = id + 1]]<gwhich>", "UPDATE §items SET [[qty = qty + 1|off = off + 0.1|unit = unit * 2, qty = unit|pos = pos + 10|amount = DEFAULT|off = NULL|good = NULL|good = 99|ord = 4]] WHERE ord = [[1|2|5|7]]", "UPDATE §staff s JOIN §staff b ON b.id = s.boss SET s.salary = [[b.salary / 2|s.salary * 1.05|LEAST(s.salary + 500, b.salary)]]", "UPDATE §staff SET salary = salary * 1.03, dept = IF(salary > 4000, 'rich', dept)", "UPDATE §orders SET status = [['sent'|'paid'|status + 1|'none'|ELT(id, 'paid', 'void')]], sent = <stamp> WHERE id [[= 2|> 4|< 3]]", "UPDATE §staff SET boss = [[id|NULL|1|99]], id = [[id + 10|id]] WHERE id = [[4|7|2]]",
			"DELETE FROM §clients<which>", "DELETE FROM §clients WHERE <cnd>;;<ask>", "DELETE o FROM §orders o JOIN §clients c ON c.id = o.client WHERE c.[[active = 0|tier = 'silver'|credit < 50]]", "DELETE c, o FROM §clients c LEFT JOIN §orders o ON o.client = c.id WHERE c.points < 10", "DELETE FROM §orders WHERE placed < '2024-01-01'[[| ORDER BY placed LIMIT 1]]", "DELETE FROM §items WHERE (ord, pos) IN ((1, 1), (7, 3))", "DELETE FROM §goods WHERE id NOT IN (SELECT good FROM §items WHERE good IS NOT NULL)", "DELETE FROM §staff WHERE id = [[2|4|1|5]]", "DELETE l FROM §items l LEFT JOIN §goods g ON g.id = l.good WHERE g.id IS NULL OR g.stock = 0", "DELETE <ignore>FROM §goods WHERE id = [[10|14]];;<ask>",
			"INSERT <ignore>INTO §clients (name, email, city, tier, credit) VALUES <row>", "INSERT <ignore>INTO §clients (name, email, city, tier, credit) VALUES <row>, <row>;;<ask>", "INSERT INTO §clients (name, email, city, tier, credit) VALUES <row> ON DUPLICATE KEY UPDATE <dup>;;<ask>", "INSERT INTO §clients (name, email, city, tier, credit) VALUES <row>, <row> ON DUPLICATE KEY UPDATE <dup>", "REPLACE INTO §clients (name, email, city, tier, credit) VALUES <row>;;<ask>", "INSERT INTO §clients SET name = 'Set', credit = [[5|credit + 1|DEFAULT]], joined = <stamp>", "INSERT INTO §audit (what, num, txt) SELECT tier, <agg>, LEFT(GROUP_CONCAT(name ORDER BY id), 60) FROM (SELECT * FROM §clients) c GROUP BY tier", "INSERT INTO §audit (what, num) SELECT status, COUNT(*) FROM §orders GROUP BY status WITH ROLLUP", "INSERT INTO §goods (id, sku, title, price, stock) SELECT id + 50, CONCAT('N', id), title, price * 2, stock FROM §goods WHERE price > 1 ON DUPLICATE KEY UPDATE stock = §goods.stock + VALUES(stock)", "INSERT INTO §goods (id, sku, price) VALUES ([[10|20|14]], [['AB-001'|'QQ-1'|'ZZ-999'|'toolong']], [[1|2.345|-1|99999999]]) ON DUPLICATE KEY UPDATE price = VALUES(price), stock = stock + 1;;<ask>", "REPLACE INTO §goods (id, sku, price) VALUES ([[14, 'ZZ-999'|15, 'ZZ-999'|14, 'NEW'|30, 'NN']], 5);;<ask>", "INSERT INTO §orders (client, placed, total) VALUES ([[1|99|2]], <stamp>, [[10|NULL|'5.5']]);;INSERT INTO §items (ord, pos, good, unit) VALUES (LAST_INSERT_ID(), 1, 10, [[1.5|2]]), (LAST_INSERT_ID(), 2, [[11|NULL|99]], 3)", "INSERT <ignore>INTO §items (ord, pos, good, qty, unit, off) VALUES (1, [[1|3|300]], [[10|12|77]], [[2|-1|'3'|1.5]], [[9.999|'x'|1]], [[0.05|NULL|1.5|DEFAULT]])", "INSERT INTO §items (ord, pos, good, unit) SELECT o.id, 9, g.id, g.price FROM §orders o JOIN §goods g ON g.id = [[10|14]] WHERE o.status = 'open'", "INSERT INTO §audit (what, num, txt) VALUES ('x', <num>, LEFT(<txt0>, 20))", "INSERT INTO §audit (what, num) SELECT 'cte', n FROM (WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n * 2 FROM r WHERE n < 20) SELECT n FROM r) t", "INSERT INTO §audit (txt) SELECT name FROM §clients UNION SELECT name FROM §staff ORDER BY 1 LIMIT 3", "INSERT INTO §audit (what, txt) VALUES (USER() IS NULL, DATABASE() IS NULL)",
			"START TRANSACTION;;<one>;;[[SAVEPOINT s|SELECT 1 AS one]];;<one>;;[[COMMIT|ROLLBACK|ROLLBACK]]", "START TRANSACTION;;SAVEPOINT s;;<one>;;ROLLBACK TO s;;<one>;;COMMIT", "SET @n = [[3|(SELECT MAX(points) FROM §clients)|'7']];;UPDATE §clients SET points = points + @n WHERE id <= @n;;SELECT @n + 1 AS n, @n = 3 AS t", "SELECT @n := COUNT(*) FROM §clients;;INSERT INTO §audit (num) VALUES (@n)", "SELECT COUNT(*), MAX(name COLLATE utf8mb4_bin) INTO @n, @s FROM §clients WHERE <cnd>;;INSERT INTO §audit (num, txt) VALUES (@n, @s)", "PREPARE st FROM 'UPDATE §clients SET points = ? WHERE id = ?';;SET @a = 77, @b = 2;;EXECUTE st USING @a, @b;;SELECT ROW_COUNT() AS n;;DEALLOCATE PREPARE st",
			"CREATE VIEW §v AS SELECT c.id, c.name, c.credit, c.tier, c.active FROM §clients c WHERE c.credit > 0[[| WITH CHECK OPTION]];;[[UPDATE §v SET credit = credit - 50|UPDATE §v SET name = 'view' WHERE tier = 'gold'|DELETE FROM §v WHERE active = 0|UPDATE §v SET credit = 1]];;SELECT id, name, credit FROM §v ORDER BY id;;DROP VIEW §v", "CREATE VIEW §v AS SELECT o.client, COUNT(*) AS n, <oagg> AS x FROM §orders o GROUP BY o.client;;SELECT v.client, v.n, v.x, c.name FROM §v v JOIN §clients c ON c.id = v.client WHERE v.n [[> 1|= 1]];;DROP VIEW §v", "CREATE TEMPORARY TABLE §tmp (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20), n DECIMAL(8,2));;INSERT INTO §tmp (v, n) SELECT LEFT(name, 20), credit FROM §clients WHERE credit < 10000 ORDER BY id;;UPDATE §clients c JOIN §tmp t ON t.id = c.id SET c.city = t.v;;SELECT id, v, n FROM §tmp ORDER BY id;;DROP TEMPORARY TABLE §tmp", "CREATE TABLE §copy LIKE §goods;;INSERT INTO §copy SELECT * FROM §goods WHERE price > 10;;INSERT INTO §copy (id, sku, price) VALUES (99, 'AB-002', 1);;SELECT id, sku, price, tags FROM §copy ORDER BY id;;DROP TABLE §copy",
			"ALTER TABLE §clients ADD COLUMN extra [[INT NOT NULL DEFAULT 5|VARCHAR(10) DEFAULT 'dd'|DATE|DECIMAL(6,2) GENERATED ALWAYS AS (credit / 100) STORED|ENUM('u','v') NOT NULL|TINYINT NOT NULL|DATETIME DEFAULT '2024-01-01 00:00:00']];;SELECT id, extra FROM §clients ORDER BY id;;INSERT INTO §clients (name) VALUES ('late');;SELECT name, extra FROM §clients WHERE name = 'late'", "ALTER TABLE §goods [[MODIFY price DECIMAL(10,1) NOT NULL|MODIFY title VARCHAR(60) NOT NULL DEFAULT ''|MODIFY stock BIGINT|CHANGE stock amount INT|MODIFY sku VARCHAR(10) NOT NULL|DROP COLUMN weight|ADD UNIQUE KEY one (title)|MODIFY made SMALLINT|MODIFY price INT NOT NULL|MODIFY weight DECIMAL(5,1)]];;SELECT * FROM §goods ORDER BY id", "ALTER TABLE §orders ADD INDEX o1 (placed), ADD COLUMN paid TINYINT(1) DEFAULT 0 AFTER status, ALTER COLUMN total SET DEFAULT 1.5;;INSERT INTO §orders (client, placed) VALUES (1, '2024-06-01');;SELECT status, paid, total FROM §orders ORDER BY id", "TRUNCATE TABLE §audit;;INSERT INTO §audit (what) VALUES ('t');;SELECT id FROM §audit",
			"CREATE TRIGGER xtg1 BEFORE [[INSERT|UPDATE]] ON §clients FOR EACH ROW BEGIN <trig> END;;<one>;;<one>;;INSERT INTO §clients (name, email, city, tier, credit) VALUES <row>", "CREATE TRIGGER xtg2 AFTER [[UPDATE|DELETE]] ON §clients FOR EACH ROW INSERT INTO §audit (what, num, txt) VALUES ('tg2', OLD.credit, OLD.name);;<one>;;<one>", "CREATE TRIGGER xtg3 AFTER INSERT ON §items FOR EACH ROW BEGIN UPDATE §goods SET stock = stock - NEW.qty WHERE id = NEW.good; IF NEW.qty > 3 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'too many'; END IF; UPDATE §orders SET total = COALESCE(total, 0) + NEW.amount WHERE id = NEW.ord; END;;INSERT INTO §items (ord, pos, good, qty, unit) VALUES (1, 8, 10, [[2|4|1]], 2), (2, 8, [[12, 2|13, 1|11, 1]], 3);;<ask>", "CREATE TRIGGER xtg4 BEFORE DELETE ON §orders FOR EACH ROW BEGIN IF OLD.status = [['paid'|'void']] THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'kept'; END IF; INSERT INTO §audit (what, num) VALUES ('del', OLD.id); END;;DELETE FROM §orders WHERE id [[= 1|> 3|= 4|IN (3, 6)]];;DELETE FROM §clients WHERE id = [[1|4|2]];;<ask>",
			"<ask>", "DO <num>;;<ask>", "SET @s = '';;SELECT GROUP_CONCAT(name ORDER BY id) INTO @s FROM §clients;;SELECT LENGTH(@s) AS l, @s LIKE 'Anna%' AS a", "LOCK TABLES §clients WRITE;;UPDATE §clients SET points = 1 WHERE id = 1;;UNLOCK TABLES", "SET foreign_key_checks = 0;;INSERT INTO §items (ord, pos, good, unit) VALUES (1, 20, 10, 1);;SET foreign_key_checks = 1",
		},
		"oagg":   {"SUM(o.total)", "MAX(o.placed)", "AVG(o.total)", "MIN(o.status)", "COUNT(DISTINCT o.status)", "GROUP_CONCAT(o.id ORDER BY o.id)"},
		"gwhich": {"", " WHERE id = [[10|12|13]]", " WHERE price > 10", " WHERE sku LIKE 'AB%'", " ORDER BY id LIMIT 2", " WHERE tags = 'eco'", " ORDER BY id DESC"},
		"one":    {"UPDATE §clients SET <set><which>", "DELETE FROM §clients WHERE id = [[3|6|1]]", "INSERT INTO §clients (name, email, city, tier, credit) VALUES <row>", "INSERT INTO §clients (name, email, city, tier, credit) VALUES <row> ON DUPLICATE KEY UPDATE <dup>", "UPDATE §goods SET stock = stock - [[1|5]]<gwhich>", "REPLACE INTO §clients (name, email, city, tier, credit) VALUES <row>", "UPDATE §clients SET points = points + 1"},
		"trig":   {"SET NEW.credit = NEW.credit + 1;", "IF NEW.credit < 0 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'neg', MYSQL_ERRNO = 1644; END IF;", "SET NEW.name = UPPER(NEW.name), NEW.points = LENGTH(NEW.name);", "IF NEW.email IS NULL THEN SET NEW.email = CONCAT(NEW.name, '@', NEW.tier); END IF;", "INSERT INTO §audit (what, num, txt) VALUES ('tr', NEW.credit, NEW.city); SET NEW.tier = CASE WHEN NEW.credit > 100 THEN 'gold' ELSE NEW.tier END;", "DECLARE n INT; SELECT COUNT(*) INTO n FROM §orders WHERE client = NEW.id; SET NEW.points = n;"},
	})
	maps.Copy(out, shopBodies)
	return out
}()
