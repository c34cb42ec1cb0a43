package fuzz

import "strings"

// DepotSetup makes the tables of a third author's grammar: devices at sites with what they measured. § stands for a prefix of their names. Nearly every type is here, with keys and references between them.
const DepotSetup = `CREATE TABLE §site (
  id TINYINT UNSIGNED NOT NULL PRIMARY KEY, code VARCHAR(8) COLLATE utf8mb4_bin NOT NULL, label VARCHAR(40), lat DOUBLE, opened DATE, budget DECIMAL(18,6), grade ENUM('low','mid','top') DEFAULT 'mid', parent TINYINT UNSIGNED, meta JSON, UNIQUE KEY §site_code (code)
);
CREATE TABLE §device (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, site TINYINT UNSIGNED, serial VARCHAR(20) NOT NULL, kind ENUM('pump','fan','valve') NOT NULL DEFAULT 'fan', caps SET('wifi','lora','usb') NOT NULL DEFAULT '', level TINYINT, big BIGINT, ubig BIGINT UNSIGNED, made YEAR, boot DATETIME(3), warm TIME, bits BIT(6), live TINYINT(1) NOT NULL DEFAULT 1, note VARCHAR(120),
  UNIQUE KEY §device_serial (serial), CONSTRAINT §device_site FOREIGN KEY (site) REFERENCES §site (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE §reading (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, device INT UNSIGNED NOT NULL, at DATETIME NOT NULL, stamp TIMESTAMP NULL DEFAULT NULL, val DECIMAL(12,4), code SMALLINT NOT NULL DEFAULT 0, unit CHAR(4) DEFAULT 'C', ok TINYINT(1), half DECIMAL(14,5) GENERATED ALWAYS AS (val / 2) VIRTUAL, KEY §reading_at (at),
  CONSTRAINT §reading_device FOREIGN KEY (device) REFERENCES §device (id) ON DELETE CASCADE
);
CREATE TABLE §tag (
  device INT UNSIGNED NOT NULL, name VARCHAR(12) NOT NULL, weight INT NOT NULL DEFAULT 1, since DATE, PRIMARY KEY (device, name)
);
CREATE TABLE §journal (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(30), n DECIMAL(24,4), s VARCHAR(80));
INSERT INTO §site VALUES (1, 'HQ', 'Head quarters', 48.25, '2001-02-03', 1000000.5, 'top', NULL, '{"floors": 4, "tags": ["a", "b"], "geo": {"lat": 48.25}}'), (2, 'hq', 'annex', -0.5, '2024-02-29', NULL, 'low', 1, '[]'), (3, 'N-1', 'Nörd', NULL, NULL, -12.345678, 'mid', 1, NULL), (4, 'Z', '', 0, '1999-12-31', 0, NULL, 3, '{"floors": "2", "tags": []}'), (200, '200', '  far ', 1e10, '2030-01-01', 0.000001, 'low', 4, '7');
INSERT INTO §device VALUES (1, 1, 'P-100', 'pump', 'wifi,usb', 127, 9223372036854775807, 18446744073709551615, 2020, '2024-02-29 23:59:59.999', '10:00:00', b'101', 1, 'first; it''s "main"'), (2, 1, 'F-200', 'fan', '', -128, -9223372036854775808, 0, 1999, '2023-12-31 00:00:00.000', '-01:30:00', b'0', 0, NULL), (3, 2, 'f-300', 'fan', 'lora', 0, 0, 9223372036854775808, NULL, NULL, NULL, NULL, 1, ''), (4, NULL, 'V-400', 'valve', 'wifi,lora,usb', NULL, NULL, NULL, 2155, '1970-01-01 00:00:01.500', '838:59:59', b'111111', 1, 'x\\y_z%'), (5, 3, '12', 'valve', 'usb', 7, 42, 10, 2001, '2024-03-31 01:30:00.250', '00:00:00', b'1', 0, '3.50 kg'), (6, 200, ' p-600', 'pump', 'lora,usb', -1, -7, 3, 2024, '2024-01-01 12:00:00.000', '23:59:59', b'10', 1, 'ÄÖü Straße');
INSERT INTO §reading (id, device, at, stamp, val, code, unit, ok) VALUES (1, 1, '2024-01-01 00:00:00', '2024-01-01 00:00:05', 20.5, 0, 'C', 1), (2, 1, '2024-01-01 06:00:00', NULL, -3.25, 32767, 'C', 0), (3, 1, '2024-01-02 00:00:00', '2024-01-02 10:00:00', NULL, -32768, NULL, NULL), (4, 2, '2023-12-31 23:59:59', '2024-01-01 00:00:00', 99999999.9999, 5, 'kWh', 1), (5, 3, '2024-02-29 12:00:00', NULL, 0, 0, 'c', 1), (6, 3, '2024-02-29 12:00:00', '2024-02-29 12:00:00', 0.0001, 1, '', 2), (7, 5, '2024-03-01 08:15:30', '2037-12-31 00:00:00', 2.5, -1, 'bar', 0), (8, 5, '2022-07-04 10:11:12', NULL, 20.5, 0, 'C', 1), (9, 6, '2024-01-01 00:00:00', '2020-02-02 02:02:02', -20.5, 7, 'F', NULL);
INSERT INTO §tag VALUES (1, 'red', 3, '2024-01-01'), (1, 'Blue', -2, NULL), (2, 'red', 0, '2023-06-30'), (3, 'green', 10, '2024-02-29'), (5, 'RED', 1, '2020-02-29'), (99, 'lost', 5, NULL);
`

// DepotTables are the tables of DepotSetup, those that refer to others first.
var DepotTables = []string{"reading", "device", "site", "tag", "journal"}

// DepotTablesSetup is the part of DepotSetup that makes tables, without a prefix of names.
func DepotTablesSetup() string { return setupPart(DepotSetup, false) }

// DepotRows is the part of DepotSetup that fills the tables.
func DepotRows() string { return setupPart(DepotSetup, true) }

// depotColumns are columns by table and kind.
var depotColumns = map[string]map[Kind][]string{
	"site":    {Number: {"id", "lat", "budget", "parent"}, Text: {"code", "label", "grade"}, Date: {"opened"}, Doc: {"meta"}},
	"device":  {Number: {"id", "level", "big", "ubig", "made", "live", "site"}, Text: {"serial", "kind", "caps", "note"}, Moment: {"boot"}, Span: {"warm"}},
	"reading": {Number: {"id", "device", "val", "code", "ok", "half"}, Text: {"unit"}, Moment: {"at", "stamp"}},
	"tag":     {Number: {"device", "weight"}, Text: {"name"}, Date: {"since"}},
}

// overDepot is over for the tables of DepotSetup.
func (g *Generator) overDepot(tables string) {
	g.scope = map[Kind][]string{}
	for _, t := range strings.Fields(tables) {
		alias, table, _ := strings.Cut(t, "=")
		if alias != "" {
			alias += "."
		}
		for _, k := range []Kind{Number, Text, Date, Moment, Span, Doc} {
			for _, c := range depotColumns[table][k] {
				g.scope[k] = append(g.scope[k], alias+c)
			}
		}
	}
}

// depotValues are the rules of expressions: of any kind in nearly every place.
var depotValues = grammar{
	"any":  {"<num>", "<num>", "<txt>", "<txt>", "<dat>", "<mom>", "<tim>", "<cnd>", "<doc>"},
	"x":    {"<num>", "<num>", "<num>", "<txt>", "<txt>", "<dat>", "<mom>"},
	"num0": {"<ncol>", "<ncol>", "<ncol>", "<ncol>", "0", "1", "-1", "2", "3", "7", "10", "0.5", "-2.5", "1e2", "0.1e0", "127", "255", "2147483647", "TRUE", "NULL", "1000000"},
	"num": {
		"<num> [[+|-|*]] <num>", "(<num> [[+|-|*]] <num>)", "(<num> [[/|DIV|%|MOD]] <num>)", "<x> [[+|-|*|/]] <num>", "-(<num>)", "+<num>", "ABS(<num>)", "SIGN(<x>)", "[[ROUND|FLOOR|CEILING]](<num>)", "ROUND(<num>, [[0|1|2|-1|-2|NULL|6]])", "TRUNCATE(<num>, [[0|1|3|-1]])", "MOD(<num>, [[3|0|-2|2.5]])", "POWER(<num>, [[0|2|0.5]])", "SQRT(<num>)", "EXP([[0|1|-1]])", "LN(ABS(<num>))", "LOG([[2|10]], ABS(<num>))",
		"[[CHAR_LENGTH|LENGTH|BIT_LENGTH|ASCII|ORD|CRC32]](<txt>)", "LENGTH(<any>)", "INSTR(<txt>, <txt>)", "LOCATE(<txt>, <txt>, [[1|2|0]])", "POSITION([['a'|'-'|'']] IN <txt>)", "FIELD(<x>, <x>, <x>)", "FIND_IN_SET([['usb'|'wifi'|'a']], [[<tcol>|'a,usb,wifi']])", "STRCMP(<txt>, <txt>)", "ELT(<num>, 10, 20, 30)", "INTERVAL(<num>, -1, 0, 5)", "BIT_COUNT(<num>)", "(<num> [[&|^|<<|>>]] [[1|3|8|<num>]])", "(<num> | <num>)", "~<num> & 255", "CONV(<txt>, 16, 10) + 0",
		"IF(<cnd>, <num>, <num>)", "IF(<num>, <num>, <num>)", "IFNULL(<num>, <num>)", "NULLIF(<num>, <num>)", "COALESCE(<num>, <num>, <num>)", "GREATEST(<num>, <num>, <num>)", "LEAST(<num>, <x>)", "CASE WHEN <cnd> THEN <num> WHEN <cnd> THEN <num> END", "CASE <x> WHEN <x> THEN <num> ELSE <num> END", "(<cnd>)", "NOT <num>", "ISNULL(<any>)",
		"CAST(<x> AS [[SIGNED|UNSIGNED|DECIMAL|DECIMAL(8,3)|DECIMAL(20,0)]])", "CONVERT(<x>, [[SIGNED|DECIMAL(6,2)]])", "<txt> [[+|-|*]] [[0|1|'2']]", "<dat> [[+|-]] [[0|1]]", "<mom> + 0", "<tim> + 0", "'[[12|3.7|1e2|7x| 5|abc|-0]]' + <num>", "0x1F + <num>", "b'101' * <num>",
		"[[YEAR|MONTH|DAY|DAYOFYEAR|DAYOFWEEK|WEEKDAY|QUARTER|TO_DAYS|WEEKOFYEAR]](<dat>)", "[[YEAR|MONTH|DAY|HOUR|MINUTE|SECOND|MICROSECOND]](<mom>)", "WEEK(<dat>, [[0|1|2|3|4|5|6|7]])", "YEARWEEK(<dat>[[|, 1|, 3]])", "[[HOUR|MINUTE|SECOND|TIME_TO_SEC]](<tim>)", "DATEDIFF(<mom>, <dat>)", "TIMESTAMPDIFF([[SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|QUARTER|YEAR]], <mom>, <mom>)", "EXTRACT([[DAY_HOUR|DAY_MINUTE|YEAR_MONTH|HOUR_SECOND|MICROSECOND|QUARTER|WEEK]] FROM <mom>)", "UNIX_TIMESTAMP(<mom>)", "PERIOD_DIFF([[202402|202212]], EXTRACT(YEAR_MONTH FROM <mom>))", "PERIOD_ADD(202401, [[<num>|13|-13]])",
		"JSON_LENGTH(<doc>)", "JSON_DEPTH(<doc>)", "JSON_VALID(<txt>)", "JSON_CONTAINS(<doc>, [['1'|'\"a\"'|'4']])", "JSON_CONTAINS_PATH(<doc>, 'one', '$.floors', '$[0]')", "JSON_EXTRACT(<doc>, '$.floors') + 1", "CAST(JSON_EXTRACT(<doc>, '$.floors') AS SIGNED)",
		"(SELECT [[COUNT(*)|COUNT(q.val)|SUM(q.val)|MAX(q.code)|AVG(q.half)|MIN(q.id)|STDDEV(q.code)|COUNT(DISTINCT q.unit)]] FROM reading q WHERE q.code [[<|>=|<>]] <num>)", "(SELECT q.weight FROM tag q WHERE q.device = <ncol> ORDER BY q.name LIMIT 1)", "(SELECT q.level FROM device q WHERE q.serial = <txt>)", "(SELECT SUM(q.weight) FROM tag q WHERE q.name [[=|<|LIKE]] <txt>)", "REGEXP_INSTR(<txt>, '[0-9]+')",
	},
	"txt0": {"<tcol>", "<tcol>", "<tcol>", "<tcol>", "''", "'a'", "'fan'", "'HQ'", "'P-100'", "'12'", "'-1'", "' x '", "'é'", "'2024-02-29'", "NULL", "_utf8mb4'top'", "0x4142"},
	"txt": {
		"CONCAT(<x>, <any>)", "CONCAT(<txt>, [['-'|'/'|'']], <any>)", "CONCAT_WS([[','|'; '|NULL|'']], <x>, <x>, <any>)", "[[UPPER|LOWER|TRIM|LTRIM|RTRIM|REVERSE|SOUNDEX|QUOTE|HEX]](<txt>)", "[[LEFT|RIGHT]](<x>, [[0|1|2|5|-1]])", "SUBSTR(<txt>, [[1|2|-2|0]])", "SUBSTRING(<txt>, <num>, [[1|2|3]])", "SUBSTRING(<txt> FROM 2 FOR [[1|3]])", "MID(<x>, 2, 3)", "SUBSTRING_INDEX(<txt>, [['-'|' '|'a']], [[1|-1|2|0]])", "[[LPAD|RPAD]](<x>, [[3|6|0]], [['0'|'xy'|' ']])", "REPLACE(<txt>, [['a'|'0'|'-']], [['b'|''|'__']])", "INSERT(<txt>, [[1|2|0]], [[0|1|2]], [['Q'|'']])", "REPEAT(<txt>, [[0|1|2]])", "TRIM([[LEADING|TRAILING|BOTH]] [['P'|' '|'0'|'x']] FROM <txt>)", "SPACE([[0|2]])",
		"IF(<cnd>, <txt>, <txt>)", "IF(<cnd>, <x>, <x>)", "IFNULL(<x>, <x>)", "IFNULL(<txt>, <txt>)", "NULLIF(<txt>, <txt>)", "NULLIF(<x>, <x>)", "COALESCE(<x>, <x>, <x>)", "CASE WHEN <cnd> THEN <x> ELSE <x> END", "CASE <txt> WHEN <txt> THEN <txt> WHEN <txt> THEN <txt> END", "CASE <num> WHEN <num> THEN <txt> ELSE <num> END", "GREATEST(<txt>, <txt>)", "LEAST(<txt>, <x>)", "ELT([[1|2|<num>]], <txt>, <x>)", "MAKE_SET(<num>, 'a', 'b', <txt>)", "EXPORT_SET([[5|<num>]], '1', '0', '', 4)",
		"DATE_FORMAT(<mom>, [['%Y-%m-%d %H:%i:%s'|'%e/%c/%y'|'%W %D %M'|'%U %u %V %v'|'%X-%x'|'%h:%i %p'|'%r'|'%T.%f'|'%j'|'%w%%'|'%k %l']])", "TIME_FORMAT(<tim>, [['%H:%i:%s'|'%k.%i'|'%h %p'|'%H']])", "[[DAYNAME|MONTHNAME]](<mom>)", "FORMAT(<num>, [[0|1|3]])", "CAST(<any> AS CHAR)", "CAST(<x> AS CHAR(3))", "CONVERT(<txt> USING utf8mb4)", "[[HEX|BIN|OCT]](<num>)", "CONV(<num>, 10, [[2|36|16]])", "INET_NTOA(<num>)", "[[MD5|SHA1]](<x>)", "TO_BASE64(<txt>)", "CHAR([[65|97]] + <num> % 20 USING utf8mb4)", "UNHEX(HEX(<txt>))",
		"JSON_UNQUOTE(JSON_EXTRACT(<doc>, [['$.tags[0]'|'$.floors'|'$[0]']]))", "JSON_TYPE(<doc>)", "JSON_QUOTE(<txt>)", "(SELECT GROUP_CONCAT([[|DISTINCT ]]q.name ORDER BY q.name [[|DESC ]]SEPARATOR [[', '|' ']]) FROM tag q WHERE q.weight [[>|<]] <num>)", "(SELECT q.label FROM site q WHERE q.id = <num>)", "(SELECT MAX(q.kind) FROM device q WHERE q.site = <ncol>)", "<txt> COLLATE utf8mb4_bin", "BINARY <txt>", "LOWER(CONCAT(<txt>, <num>))",
	},
	"dat0": {"<dcol>", "<dcol>", "DATE(<mcol>)", "DATE '2024-02-29'", "'2024-02-29'", "20240131", "CAST('1999-12-31' AS DATE)", "NULL"},
	"dat": {
		"DATE_ADD(<dat>, INTERVAL <num> [[DAY|WEEK|MONTH|QUARTER|YEAR]])", "DATE_SUB(<dat>, INTERVAL [[1|31|-1]] [[DAY|MONTH|YEAR]])", "<dat> [[+|-]] INTERVAL [[1|12]] [[MONTH|DAY]]", "LAST_DAY(<mom>)", "DATE(<mom>)", "CAST(<x> AS DATE)", "MAKEDATE([[2023|2024|99]], <num>)", "FROM_DAYS([[<num>|738945]])", "STR_TO_DATE(<txt>, [['%Y-%m-%d'|'%d/%m/%Y']])", "STR_TO_DATE([['29 Feb 2024'|'2024-13-01'|'31-12-99']], [['%d %b %Y'|'%Y-%m-%d'|'%d-%m-%y']])", "COALESCE(<dat>, <dat>)", "IF(<cnd>, <dat>, <dat>)", "NULLIF(<dat>, <dat>)", "[[GREATEST|LEAST]](<dat>, <dat>)", "CASE WHEN <cnd> THEN <dat> ELSE <dat> END", "ADDDATE(<dat>, <num>)", "(SELECT [[MAX|MIN]](q.since) FROM tag q WHERE q.device <> <num>)", "IFNULL(<dat>, <mom>)",
	},
	"mom0": {"<mcol>", "<mcol>", "TIMESTAMP '2024-01-01 00:00:00'", "'2024-02-29 12:30:00'", "20240229123000", "CAST('2023-12-31 23:59:59.5' AS DATETIME(1))", "NULL"},
	"mom": {
		"DATE_ADD(<mom>, INTERVAL <num> [[SECOND|MINUTE|HOUR|DAY|MONTH]])", "<mom> [[+|-]] INTERVAL [['1:30'|'10:05']] [[MINUTE_SECOND|HOUR_MINUTE]]", "<mom> - INTERVAL '1 12' DAY_HOUR", "<mom> + INTERVAL [[0.5|1.25]] [[SECOND|DAY|HOUR]]", "TIMESTAMPADD([[MINUTE|DAY|WEEK|MONTH]], <num>, <mom>)", "TIMESTAMP(<dat>)", "TIMESTAMP(<dat>, <tim>)", "CAST(<x> AS DATETIME)", "CAST(<mom> AS DATETIME(2))", "ADDTIME(<mom>, [['0:30:00'|'-1:00:00']])", "COALESCE(<mom>, <mom>)", "IF(<cnd>, <mom>, <dat>)", "[[GREATEST|LEAST]](<mom>, <mom>)", "STR_TO_DATE('05.06.2024 7:08', '%d.%m.%Y %H:%i')", "FROM_UNIXTIME([[0|1709210096|<num>]])", "(SELECT MAX(q.at) FROM reading q WHERE q.val < <num>)", "CASE WHEN <cnd> THEN <mom> END", "NULLIF(<mom>, <mom>)", "CONVERT_TZ(<mom>, '+00:00', '+02:00')",
	},
	"tim0": {"<scol>", "<scol>", "TIME '10:30:00'", "CAST('12:00:01' AS TIME)", "TIME(<mcol>)"},
	"tim":  {"TIME(<mom>)", "TIMEDIFF(<tim>, <tim>)", "ADDTIME(<tim>, '01:00:00')", "SUBTIME(<tim>, [['0:10:00'|'30:00:00']])", "SEC_TO_TIME(<num>)", "MAKETIME([[1|10|-2]], [[0|59]], [[30|5.5]])", "COALESCE(<tim>, <tim>)", "IF(<cnd>, <tim>, <tim>)", "CAST(<x> AS TIME)", "<tim> + INTERVAL 90 MINUTE", "TIMEDIFF(<mom>, <mom>)"},
	"doc0": {"<jcol>", "<jcol>", "CAST('[1, 2, {\"a\": null}]' AS JSON)", "JSON_ARRAY(1, 'a', NULL)"},
	"doc":  {"JSON_ARRAY(<x>, <x>)", "JSON_OBJECT('a', <x>, 'b', <any>)", "JSON_EXTRACT(<doc>, [['$.tags'|'$.floors'|'$[0]'|'$.*'|'$[*]'|'$.geo.lat']])", "JSON_SET(<doc>, [['$.floors'|'$.new'|'$[1]']], <x>)", "JSON_REMOVE(<doc>, [['$.floors'|'$[0]']])", "JSON_MERGE_PRESERVE(<doc>, <doc>)", "JSON_KEYS(<doc>)", "IF(<cnd>, <doc>, <doc>)", "COALESCE(<doc>, <doc>)", "JSON_ARRAY_APPEND(<doc>, '$', <x>)", "JSON_SEARCH(<doc>, 'one', [['a'|'%']])"},
	"cnd0": {"<ncol> [[=|<>|<|>|<=|>=]] <num>", "<tcol> [[=|<>|<|>=]] <txt>", "<ncol> IS [[|NOT ]]NULL", "<ncol>", "<tcol> LIKE [['%a%'|'P%'|'_-%']]"},
	"cnd": {
		"<num> [[=|<>|<|>|<=|>=|<=>|!=]] <num>", "<txt> [[=|<>|<|>|>=|<=>]] <txt>", "<x> [[=|<|>|<>|<=>]] <x>", "<any> [[=|<>]] <any>", "<dat> [[=|<|>|<=]] <dat>", "<mom> [[<|>=|=]] <x>", "<tim> [[<|>|=]] <tim>", "<tim> [[<|>]] [['10:00'|'12:00:00'|100000]]",
		"<x> [[|NOT ]]IN (<x>, <x>, <x>)", "<num> [[|NOT ]]IN (<num>, NULL, <num>)", "<txt> [[|NOT ]]IN (<txt>, 'fan', 'x')", "<num> IN ([[1, '2', 3.0|'a', 1|NULL, 0]])", "<x> [[|NOT ]]BETWEEN <x> AND <x>", "<num> [[|NOT ]]BETWEEN <num> AND <num>", "<dat> BETWEEN [['2000-01-01'|20000101]] AND <dat>",
		"<x> [[|NOT ]]LIKE [['%1%'|'a%'|'_%'|'%\\_%'|'2024%'|'']]", "<txt> LIKE <txt>", "<txt> LIKE 'x|%' ESCAPE '|'", "<txt> [[|NOT ]]REGEXP [['^[a-z]'|'[0-9]+$'|'^.{3}$']]", "<tcol> [[=|LIKE]] BINARY [['fan'|'Hq']]", "<tcol> [[=|<]] <tcol> COLLATE utf8mb4_bin",
		"<cnd> [[AND|OR|XOR|&&]] <cnd>", "(<cnd> [[OR|AND]] <cnd>)", "NOT (<cnd>)", "NOT <cnd>", "<any> IS [[|NOT ]]NULL", "(<cnd>) IS [[|NOT ]][[TRUE|FALSE|UNKNOWN]]", "(<cnd>) = (<cnd>)", "(<num>, <txt>) [[=|<>|<]] (<num>, <txt>)", "(<num>, <num>) [[|NOT ]]IN ((1, 2), (<num>, <num>))",
		"[[|NOT ]]EXISTS (SELECT [[1|*]] FROM tag q WHERE q.device = <ncol> AND q.weight [[>|<>]] <num>)", "<num> [[|NOT ]]IN (SELECT q.[[device|weight]] FROM tag q[[| WHERE q.since IS NOT NULL]])", "<num> [[>|<=|=|<>]] [[ALL|ANY|SOME]] (SELECT q.[[val|code|ok]] FROM reading q WHERE q.device [[=|<]] <num>)", "(<ncol>, <ncol>) IN (SELECT q.device, q.weight FROM tag q)", "<txt> [[|NOT ]]IN (SELECT q.[[name|since]] FROM tag q)", "<num> IN (SELECT 1 UNION SELECT q.weight FROM tag q)", "JSON_CONTAINS(<doc>, '2')", "<x> <=> NULL", "COALESCE(<cnd>, FALSE)", "IF(<cnd>, <cnd>, <cnd>)",
	},
}
