package fuzz

import "strings"

// ShopSetup makes the tables of a shop: what queries of an application are about. § stands for a prefix of their names.
const ShopSetup = `CREATE TABLE §staff (
  id INT NOT NULL PRIMARY KEY, name VARCHAR(30) NOT NULL, boss INT, dept VARCHAR(12), salary DECIMAL(10,2), hired DATE, shift TIME,
  CONSTRAINT §staff_boss FOREIGN KEY (boss) REFERENCES §staff (id) ON DELETE SET NULL
);
CREATE TABLE §clients (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL, email VARCHAR(60), city VARCHAR(30) DEFAULT 'Wien', tier ENUM('bronze','silver','gold') NOT NULL DEFAULT 'bronze',
  credit DECIMAL(10,2) NOT NULL DEFAULT 0.00, active TINYINT(1) NOT NULL DEFAULT 1, joined DATE, seen DATETIME, agent INT, points INT UNSIGNED NOT NULL DEFAULT 0, UNIQUE KEY §clients_email (email),
  CONSTRAINT §clients_agent FOREIGN KEY (agent) REFERENCES §staff (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE §goods (
  id SMALLINT UNSIGNED NOT NULL PRIMARY KEY, sku CHAR(6) NOT NULL, title VARCHAR(50), price DECIMAL(8,2) NOT NULL, weight DOUBLE, stock INT UNSIGNED NOT NULL DEFAULT 0, tags SET('new','sale','eco'), made YEAR, info JSON, UNIQUE KEY §goods_sku (sku)
);
CREATE TABLE §orders (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, client INT NOT NULL, placed DATETIME NOT NULL, status ENUM('open','paid','sent','void') NOT NULL DEFAULT 'open', note VARCHAR(200), total DECIMAL(12,2), sent TIMESTAMP NULL DEFAULT NULL, KEY §orders_client (client),
  CONSTRAINT §orders_client FOREIGN KEY (client) REFERENCES §clients (id) ON DELETE CASCADE
);
CREATE TABLE §items (
  ord INT NOT NULL, pos TINYINT UNSIGNED NOT NULL, good SMALLINT UNSIGNED, qty INT NOT NULL DEFAULT 1, unit DECIMAL(8,2) NOT NULL, off DECIMAL(4,3) DEFAULT 0, amount DECIMAL(14,4) GENERATED ALWAYS AS (qty * unit * (1 - off)) STORED, PRIMARY KEY (ord, pos),
  CONSTRAINT §items_ord FOREIGN KEY (ord) REFERENCES §orders (id) ON DELETE CASCADE ON UPDATE CASCADE, CONSTRAINT §items_good FOREIGN KEY (good) REFERENCES §goods (id)
);
CREATE TABLE §audit (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(40), num DECIMAL(16,4), txt VARCHAR(60));
INSERT INTO §staff VALUES (1, 'Ada', NULL, 'board', 9000.00, '2010-01-04', '08:00:00'), (2, 'Bob', 1, 'sales', 4200.50, '2015-06-30', '09:30:00'), (3, 'Cy', 1, 'it', 5100.00, '2016-02-29', '22:00:00'), (4, 'Dee', 2, 'sales', 3100.75, '2020-12-31', NULL), (5, 'eve', 2, 'sales', 3100.75, '2021-01-01', '06:15:30'), (6, 'Fay', 3, 'it', NULL, NULL, '14:00:00'), (7, 'Gus', 5, NULL, 2000.00, '2023-03-15', '00:00:00');
INSERT INTO §clients VALUES (1, 'Anna Berg', 'anna@x.at', 'Wien', 'gold', 1500.00, 1, '2019-05-01', '2024-01-31 10:11:12', 2, 120), (2, 'bert', 'bert@y.de', 'Berlin', 'bronze', 0.00, 1, '2020-02-29', NULL, 2, 0), (3, 'Çelik', NULL, 'Köln', 'silver', -20.50, 0, NULL, '2023-12-31 23:59:59', NULL, 15), (4, 'Dora', 'dora@x.at', NULL, 'bronze', 99.99, 1, '2024-01-31', '2024-02-29 00:00:00', 4, 7), (5, 'anna berg', 'AB@z.com', 'wien', 'silver', 250.00, 1, '2021-12-31', '2024-02-01 08:00:00', 5, 33), (6, 'Zoe', 'zoe@z.com', 'Graz', 'gold', 10.00, 0, '2018-07-07', '2022-06-15 12:00:00', NULL, 999);
INSERT INTO §goods VALUES (10, 'AB-001', 'Pen', 1.20, 0.01, 500, 'new', 2020, '{"color": "blue", "sizes": [1, 2, 3]}'), (11, 'AB-002', 'Book', 15.99, 0.5, 20, 'sale,eco', 2019, '{"pages": 300, "author": "Eco"}'), (12, 'CD-100', 'Lamp', 49.90, 1.75, 3, '', 2021, NULL), (13, 'CD-101', 'Desk', 249.00, 30, 0, 'eco', NULL, '[]'), (14, 'ZZ-999', NULL, 0.05, NULL, 7, NULL, 1999, '{"color": null, "sizes": []}');
INSERT INTO §orders VALUES (1, 1, '2024-01-05 10:00:00', 'paid', 'first', 51.10, '2024-01-06 08:00:00'), (2, 1, '2024-02-10 18:30:00', 'open', NULL, NULL, NULL), (3, 2, '2023-12-31 23:59:59', 'sent', 'gift, wrap', 249.00, '2024-01-02 00:00:00'), (4, 4, '2024-02-29 12:00:00', 'void', '', 0.00, NULL), (5, 5, '2024-02-29 12:00:00', 'paid', '100%', 31.98, NULL), (6, 5, '2022-07-01 00:00:00', 'sent', 'old', 1.20, '2022-07-03 10:20:30'), (7, 6, '2024-03-01 00:00:01', 'open', 'x', 65.89, NULL);
INSERT INTO §items (ord, pos, good, qty, unit, off) VALUES (1, 1, 10, 1, 1.20, 0), (1, 2, 12, 1, 49.90, 0), (2, 1, 11, 3, 15.99, 0.1), (2, 2, 10, 10, 1.10, 0.05), (3, 1, 13, 1, 249.00, NULL), (5, 1, 11, 2, 15.99, 0), (6, 1, 10, 1, 1.20, 0), (7, 1, 11, 1, 15.99, 0), (7, 2, 12, 1, 49.90, 0.333), (7, 3, NULL, 5, 0.00, 0);
`

// ShopTables are the tables of ShopSetup, those that refer to others first.
var ShopTables = []string{"items", "orders", "goods", "clients", "staff", "audit"}

// shopColumns are columns by table and kind.
var shopColumns = map[string]map[Kind][]string{
	"staff":   {Number: {"id", "boss", "salary"}, Text: {"name", "dept"}, Date: {"hired"}},
	"clients": {Number: {"id", "credit", "active", "points", "agent"}, Text: {"name", "email", "city", "tier"}, Date: {"joined"}, Moment: {"seen"}},
	"goods":   {Number: {"id", "price", "weight", "stock", "made"}, Text: {"sku", "title", "tags"}},
	"orders":  {Number: {"id", "client", "total"}, Text: {"status", "note"}, Moment: {"placed", "sent"}},
	"items":   {Number: {"ord", "pos", "good", "qty", "unit", "off", "amount"}},
}

// over makes the columns of tables known under their aliases: "c=clients o=orders".
func (g *Generator) over(tables string) {
	g.scope = map[Kind][]string{}
	for _, t := range strings.Fields(tables) {
		alias, table, _ := strings.Cut(t, "=")
		if alias != "" {
			alias += "."
		}
		for _, k := range []Kind{Number, Text, Date, Moment} {
			for _, c := range shopColumns[table][k] {
				g.scope[k] = append(g.scope[k], alias+c)
			}
		}
	}
}

// shopValues are the rules of expressions.
var shopValues = grammar{
	"num0": {"<ncol>", "<ncol>", "<ncol>", "0", "1", "2", "3", "10", "-1", "100", "2.5", "0.5", "1.05", "1e1", "NULL"},
	"num": {
		"<num> [[+|-|*]] <num>", "(<num> [[+|-|*|/|%]] <num>)", "<num> [[/|DIV|MOD|%]] [[2|3|7|10|100|0.5|1.5|4.0]]", "(<num> / <num>)", "ROUND(<num>, [[0|1|2|3|-1]])", "ROUND(<num>)", "ROUND(<num> / 3, 2)", "TRUNCATE(<num>, [[0|1|-2]])", "FLOOR(<num> / 2)", "CEIL(<num>)", "ABS(<num>)", "-<num>",
		"IF(<cnd>, <num>, <num>)", "IFNULL(<num>, [[0|-1|0.00]])", "COALESCE(<num>, <num>, 0)", "NULLIF(<num>, [[0|1]])", "CASE WHEN <cnd> THEN <num> WHEN <cnd> THEN <num> ELSE <num> END", "CASE <txt> WHEN [['gold'|'open'|'Wien']] THEN <num> ELSE 0 END", "GREATEST(<num>, <num>, [[0|5|1.5]])", "LEAST(<num>, <num>)",
		"LENGTH(<txt>)", "CHAR_LENGTH(<txt>)", "LOCATE([['a'|'e'|'-']], <txt>)", "INSTR(<txt>, [['a'|'x'|'@']])", "DATEDIFF(<dat>, <dat>)", "TIMESTAMPDIFF([[DAY|MONTH|YEAR|HOUR|MINUTE|WEEK]], <mom>, <mom>)", "[[YEAR|MONTH|DAY|DAYOFWEEK|WEEKDAY|QUARTER|DAYOFYEAR]](<dat>)", "[[HOUR|MINUTE|SECOND]](<mom>)", "EXTRACT([[YEAR_MONTH|DAY|WEEK|HOUR]] FROM <mom>)",
		"(<cnd>)", "(<cnd>) + (<cnd>)", "CAST(<txt> AS SIGNED)", "CAST(<num> AS [[SIGNED|DECIMAL(10,1)|CHAR|UNSIGNED]])", "<txt> + 0", "FIELD(<txt>, [['gold'|'paid'|'it']], 'silver', 'open')", "POW(<num>, 2)", "SQRT(ABS(<num>))", "SIGN(<num>)", "MOD(<num>, [[2|3|10]])", "CRC32(<txt>)", "<num> & 7", "<num> << 1",
		"(SELECT [[COUNT(*)|MAX(z.qty)|SUM(z.amount)|AVG(z.unit)|MIN(z.pos)|SUM(z.qty) / COUNT(*)]] FROM items z WHERE z.qty [[>|<|=]] <num>)", "(SELECT z.price FROM goods z WHERE z.id = <ncol>)", "(SELECT COUNT(DISTINCT z.status) FROM orders z WHERE z.placed [[<|>=]] <mom>)", "(SELECT z.id FROM clients z WHERE z.name = <txt> ORDER BY z.id LIMIT 1)",
		"STRCMP(<txt>, <txt>)", "TO_DAYS(<dat>)", "UNIX_TIMESTAMP(<mom>)", "BIT_COUNT(<num>)", "ASCII(<txt>)", "ISNULL(<num>)", "INTERVAL(<num>, 0, 10, 100)", "TIME_TO_SEC(TIME(<mom>))", "<dat> + 0", "<num> ^ 1", "!(<cnd>)",
	},
	"txt0": {"<tcol>", "<tcol>", "<tcol>", "'a'", "'Anna'", "''", "'gold'", "'open'", "'x'", "'12'", "'3.5kg'", "'Wien'", "NULL"},
	"txt": {
		"CONCAT(<txt>, [[' '|'-'|'']], <txt>)", "CONCAT(<num>, <txt>)", "CONCAT_WS([[', '|'/']], <txt>, <num>, <txt>)", "[[UPPER|LOWER|TRIM|REVERSE|LTRIM]](<txt>)", "[[LEFT|RIGHT]](<txt>, [[1|3|<num>]])", "SUBSTRING(<txt>, [[1|2|-3]], [[1|2|4]])", "SUBSTRING_INDEX(<txt>, [['@'|' '|'-']], [[1|-1]])", "REPLACE(<txt>, [['a'|'n'|'-']], [['_'|'']])", "[[LPAD|RPAD]](<txt>, [[4|8]], [['0'|'*'|' ']])", "LPAD(<num>, 6, '0')",
		"IF(<cnd>, <txt>, <txt>)", "IF(<cnd>, <txt>, <num>)", "IFNULL(<txt>, 'none')", "IFNULL(<num>, 'n/a')", "COALESCE(<txt>, <num>, 'z')", "CASE WHEN <cnd> THEN <txt> ELSE <txt> END", "CASE WHEN <cnd> THEN <num> ELSE <txt> END", "CASE <txt> WHEN <txt> THEN 'same' WHEN 'x' THEN 'x' ELSE <txt> END", "NULLIF(<txt>, [[''|'x'|'wien']])", "ELT(<num>, 'one', 'two', 'three')",
		"DATE_FORMAT(<mom>, [['%Y-%m'|'%d/%m/%Y %H:%i'|'%W'|'%b %e, %Y'|'%x-%v'|'%a %T'|'%p %h:%i']])", "DATE_FORMAT(<dat>, [['%Y%m%d'|'%M'|'%j']])", "[[DAYNAME|MONTHNAME]](<dat>)", "FORMAT(<num>, [[0|2]])", "CAST(<num> AS CHAR)", "CAST(<dat> AS CHAR)", "HEX(<num>)", "REPEAT(<txt>, [[0|2|3]])", "INSERT(<txt>, 2, 1, 'ZZ')", "GREATEST(<txt>, <txt>)", "MAKE_SET(<num>, 'a', 'b', 'c')",
		"(SELECT z.name FROM clients z WHERE z.id = <ncol>)", "(SELECT GROUP_CONCAT(z.sku ORDER BY z.id) FROM goods z WHERE z.price > <num>)", "(SELECT MAX(z.status) FROM orders z WHERE z.client = <ncol>)", "MD5(<txt>)", "QUOTE(<txt>)", "SPACE(2)", "CONV(<num>, 10, 2)", "CONCAT(<dat>, '')", "CONCAT(<mom>, <txt>)", "CHAR(65 + <num> % 26 USING utf8mb4)",
	},
	"dat0": {"<dcol>", "<dcol>", "DATE(<mcol>)", "DATE '2024-02-29'", "'2024-01-31'", "CAST('2023-12-31' AS DATE)"},
	"dat": {
		"DATE_ADD(<dat>, INTERVAL [[1|-1|<num>|30]] [[DAY|MONTH|YEAR|WEEK|QUARTER]])", "<dat> - INTERVAL [[1|2]] [[DAY|MONTH|YEAR]]", "LAST_DAY(<dat>)", "DATE(<mom>)", "IFNULL(<dat>, '2000-01-01')", "COALESCE(<dat>, <dat>)", "IF(<cnd>, <dat>, <dat>)", "GREATEST(<dat>, <dat>)", "MAKEDATE([[2024|2023]], [[1|60|366]])", "STR_TO_DATE([['2024-03-05'|'05.03.2024']], [['%Y-%m-%d'|'%d.%m.%Y']])", "DATE_SUB(<dat>, INTERVAL DAYOFMONTH(<dat>) - 1 DAY)", "ADDDATE(<dat>, [[1|31]])", "CAST(<mom> AS DATE)",
		"(SELECT MAX(z.hired) FROM staff z WHERE z.salary > <num>)", "LEAST(<dat>, <dat>)", "FROM_DAYS(TO_DAYS(<dat>) + 1)", "SUBDATE(<dat>, INTERVAL 1 WEEK)", "CASE WHEN <cnd> THEN <dat> END",
	},
	"mom0": {"<mcol>", "<mcol>", "TIMESTAMP '2024-02-29 23:59:59'", "'2024-01-31 10:00:00'", "CAST('2024-01-31 12:34:56' AS DATETIME)"},
	"mom": {
		"DATE_ADD(<mom>, INTERVAL [[1|-90|36]] [[HOUR|MINUTE|SECOND|DAY|MONTH]])", "<mom> + INTERVAL [['1:30'|'0:45']] [[HOUR_MINUTE|MINUTE_SECOND]]", "<mom> - INTERVAL 1 DAY", "TIMESTAMPADD([[MINUTE|HOUR|DAY|MONTH|YEAR]], [[1|-5|<num>]], <mom>)", "COALESCE(<mom>, <mom>)", "IFNULL(<mom>, '2000-01-01 00:00:00')", "IF(<cnd>, <mom>, <mom>)", "GREATEST(<mom>, <mom>)", "TIMESTAMP(<dat>)", "TIMESTAMP(<dat>, '10:20:30')", "STR_TO_DATE('05.03.2024 14:15', '%d.%m.%Y %H:%i')", "FROM_UNIXTIME([[0|1700000000]])", "CASE WHEN <cnd> THEN <mom> ELSE <dat> END", "ADDTIME(<mom>, '02:00:00')",
		"(SELECT MIN(z.placed) FROM orders z WHERE z.total > <num>)", "CAST(<dat> AS DATETIME)",
	},
	"cnd0": {"<ncol> [[=|<>|<|>|<=|>=|!=|<=>]] <num>", "<tcol> [[=|<>|<|>|LIKE]] <txt>", "<ncol> IS [[|NOT ]]NULL", "<tcol> IN ('gold', 'open', 'sales')"},
	"cnd": {
		"<num> [[=|<>|<|>|<=|>=]] <num>", "<num> [[<|>]] <num>", "<txt> [[=|<>|<|>=]] <txt>", "<txt> [[=|<|<>]] <num>", "<dat> [[=|<|>|<=]] <dat>", "<mom> [[<|>=|<>]] <mom>", "<dat> [[<|>]] <mom>", "<mom> [[=|>|<]] [['2024-02-29'|'2024-01-01'|20240101]]", "<txt> [[|NOT ]]LIKE [['a%'|'%a%'|'_e%'|'%@%'|'%B%']]", "<txt> [[|NOT ]]REGEXP [['^[a-m]'|'[0-9]'|'n+a?$']]", "<num> [[|NOT ]]BETWEEN <num> AND <num>", "<dat> BETWEEN '2020-01-01' AND <dat>", "<txt> BETWEEN 'b' AND 'm'",
		"<num> [[|NOT ]]IN (<num>, <num>, 1)", "<txt> [[|NOT ]]IN (<txt>, 'a', 'wien')", "<num> IN ([['1'|1]], <num>)", "<cnd> [[AND|OR|XOR|AND|OR]] <cnd>", "NOT (<cnd>)", "(<cnd> OR <cnd>) AND <cnd>", "<num>", "<num> IS [[|NOT ]]NULL", "<txt> IS [[|NOT ]]NULL", "(<cnd>) IS [[|NOT ]][[TRUE|FALSE|UNKNOWN]]", "<num> <=> <num>", "<txt> <=> <txt>",
		"[[|NOT ]]EXISTS (SELECT [[1|*|NULL]] FROM items z WHERE z.qty > <num>)", "<num> [[|NOT ]]IN (SELECT z.[[client|id|total]] FROM orders z WHERE z.status [[=|<>]] 'open')", "<num> [[>|<|=|>=]] [[ANY|ALL|SOME]] (SELECT z.[[qty|unit|off]] FROM items z WHERE z.pos [[>|<]] [[1|2]])", "<txt> IN (SELECT z.[[name|city|tier]] FROM clients z)", "(<num>, <num>) IN (SELECT z.ord, z.pos FROM items z)", "(<num>, <txt>) = (<num>, <txt>)", "(<num>, <num>) [[<|>=|<>]] (<num>, <num>)", "EXISTS (SELECT z.client FROM orders z WHERE z.client = <ncol> GROUP BY z.client HAVING COUNT(*) > 1)", "<txt> COLLATE utf8mb4_bin = <txt>", "BINARY <txt> = <txt>", "<txt> = ANY (SELECT z.dept FROM staff z)",
	},
}

// ShopTablesSetup is the part of ShopSetup that makes tables, without a prefix of names.
func ShopTablesSetup() string { return setupPart(ShopSetup, false) }

// ShopRows is the part of ShopSetup that fills the tables.
func ShopRows() string { return setupPart(ShopSetup, true) }

// setupPart is the part of a setup that fills tables, or the rest, without a prefix of names.
func setupPart(setup string, filled bool) string {
	var b strings.Builder
	for _, q := range strings.SplitAfter(strings.ReplaceAll(setup, "§", ""), ";\n") {
		if strings.HasPrefix(q, "INSERT") == filled {
			b.WriteString(q)
		}
	}
	return b.String()
}
