package fuzz

// MoreSetup makes the tables of change scripts and routines: par and kid (foreign keys with actions, one of them to itself), many (three unique
// keys), typ (types with ranges and forms of their own), gen (generated columns), hist (what triggers write) and the updatable view few.
const MoreSetup = `CREATE TABLE par (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, code VARCHAR(6) NOT NULL, parent INT, qty INT NOT NULL DEFAULT 1,
  UNIQUE KEY par_code (code), CONSTRAINT par_self FOREIGN KEY (parent) REFERENCES par (id) ON DELETE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE kid (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, par_id INT, par_code VARCHAR(6), note VARCHAR(8) DEFAULT 'n/a', amt DECIMAL(5,2) NOT NULL DEFAULT 0,
  CONSTRAINT kid_par FOREIGN KEY (par_id) REFERENCES par (id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT kid_code FOREIGN KEY (par_code) REFERENCES par (code) ON UPDATE CASCADE
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE many (
  id INT NOT NULL, k1 INT NOT NULL, k2 INT, k3 VARCHAR(5), hits INT NOT NULL DEFAULT 0, PRIMARY KEY (id), UNIQUE KEY many_1 (k1), UNIQUE KEY many_2 (k2, k3)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE typ (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, ti TINYINT, tu TINYINT UNSIGNED, si SMALLINT NOT NULL DEFAULT 5, mu MEDIUMINT UNSIGNED, bu BIGINT UNSIGNED, de DECIMAL(5,2), fl DOUBLE,
  ch CHAR(4), vc VARCHAR(5) NOT NULL DEFAULT 'vc', en ENUM('a','b','c') NOT NULL DEFAULT 'b', se SET('x','y','z'), bi BIT(4), ye YEAR, tm TIME, da DATE, dt DATETIME(2), js JSON, vb VARBINARY(4)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE gen (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, a INT, b INT NOT NULL DEFAULT 7, s VARCHAR(10), g1 INT AS (a + b) STORED, g2 VARCHAR(30) AS (CONCAT(s, '-', a)) VIRTUAL, UNIQUE KEY gen_1 (g1)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE hist (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, tab VARCHAR(5), num INT, was VARCHAR(12), now VARCHAR(12)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE VIEW few AS SELECT id, k1, k2, hits FROM many WHERE hits < 5 WITH CHECK OPTION;
`

// MoreTables are the tables of MoreSetup, in the order in which they can be filled.
var MoreTables = []string{"par", "kid", "many", "typ", "gen", "hist"}

// MoreContents are queries for what is in a table of MoreSetup. Generated numbers show as what they belong to: a statement that fails takes one
// on the target where the source has looked at the values first.
var MoreContents = map[string]string{
	"par":  "SELECT CASE WHEN id < 6 THEN id END AS id, code, (SELECT o.code FROM par AS o WHERE o.id = par.parent) AS parent, qty FROM par",
	"kid":  "SELECT (SELECT o.code FROM par AS o WHERE o.id = par_id) AS par, par_code, note, amt FROM kid",
	"many": "SELECT * FROM many",
	"typ":  "SELECT ti, tu, si, mu, bu, de, fl, ch, vc, CAST(en AS CHAR) AS en, CAST(se AS CHAR) AS se, bi + 0 AS bi, ye, tm, da, dt, js, HEX(vb) AS vb FROM typ",
	"gen":  "SELECT a, b, s, g1, g2 FROM gen",
	"hist": "SELECT tab, num, was, now FROM hist",
}

// MoreContentsTarget are the same queries for the target.
var MoreContentsTarget = map[string]string{
	"par":  MoreContents["par"],
	"kid":  MoreContents["kid"],
	"many": MoreContents["many"],
	"typ":  "SELECT ti, tu, si, mu, bu, de, fl, ch, vc, en::text, se, bi::integer, ye, tm, da, dt, js, upper(encode(vb, 'hex')) FROM typ",
	"gen":  MoreContents["gen"],
	"hist": MoreContents["hist"],
}

// MoreRows are statements of the source that fill the tables of MoreSetup.
var MoreRows = []string{
	"INSERT INTO par (id, code, parent, qty) VALUES (1, 'aa', NULL, 5), (2, 'bb', 1, 0), (3, 'cc', 1, 2), (4, 'dd', 3, 9), (5, 'ee', NULL, 1)",
	"INSERT INTO kid (id, par_id, par_code, note, amt) VALUES (1, 1, 'aa', 'one', 1.50), (2, 2, NULL, NULL, 0.00), (3, 2, 'bb', 'x', 99.99), (4, NULL, 'cc', 'y', -3.25)",
	"INSERT INTO many (id, k1, k2, k3, hits) VALUES (1, 10, 1, 'a', 0), (2, 20, 1, 'b', 1), (3, 30, NULL, 'a', 2), (4, 40, 2, NULL, 7)",
	"INSERT INTO typ (id, ti, tu, si, mu, bu, de, fl, ch, vc, en, se, bi, ye, tm, da, dt, js, vb) VALUES (1, 1, 2, 3, 4, 5, 6.5, 7.25, 'ch', 'vc', 'a', 'x,z', 5, 2024, '10:11:12', '2024-02-29', '2024-02-29 23:59:59.99', '{\"a\": 1}', 'ab')",
	"INSERT INTO typ (id, ti, tu, si, mu, bu, de, fl, ch, vc, en, se, bi, ye, tm, da, dt, js, vb) VALUES (2, NULL, 0, -3, NULL, NULL, -6.5, NULL, NULL, '', 'c', '', 0, NULL, NULL, NULL, NULL, NULL, NULL)",
	"INSERT INTO gen (id, a, b, s) VALUES (1, 1, 1, 's'), (2, NULL, 2, NULL), (3, 30, 4, 'three')",
}

var moreColumns = map[string]map[Kind][]string{
	"par":  {Number: {"id", "parent", "qty"}, Text: {"code"}},
	"kid":  {Number: {"id", "par_id", "amt"}, Text: {"par_code", "note"}},
	"many": {Number: {"id", "k1", "k2", "hits"}, Text: {"k3"}},
	"typ":  {Number: {"ti", "tu", "si", "mu", "bu", "de", "fl", "ye"}, Text: {"ch", "vc", "en"}, Date: {"da"}, Moment: {"dt"}},
	"gen":  {Number: {"id", "a", "b", "g1"}, Text: {"s", "g2"}},
}

// odd are values for the columns of typ: good ones, and ones that do not fit.
var odd = map[string][]string{
	"ti": {"1", "127", "128", "-129", "'12'", "'12abc'", "'x'", "1.5", "2.4999", "NULL", "TRUE", "1e2", "DEFAULT", "''"},
	"tu": {"0", "255", "256", "-1", "'7'", "1.5", "NULL", "200"},
	"si": {"1", "NULL", "32768", "-40000", "'abc'", "DEFAULT", "3.5", "DEFAULT(si)", "2.5", "'2.5'"},
	"mu": {"16777215", "16777216", "-1", "5", "'5 '", "NULL"},
	"bu": {"18446744073709551615", "18446744073709551616", "-1", "0", "NULL", "1e3", "9223372036854775808"},
	"de": {"1.005", "999.99", "1000", "-999.994", "'1.5x'", "'abc'", "NULL", "12.345", "1e1"},
	"fl": {"1.5", "'1e3'", "'x'", "NULL", "0.1"},
	"ch": {"'abcd'", "'abcde'", "'ab  '", "12345", "12", "NULL", "''", "1.50"},
	"vc": {"'abc'", "'abcdef'", "'abcde   '", "NULL", "DEFAULT", "123456", "''", "'äöüßé'", "TRUE", "DEFAULT(vc)"},
	"en": {"'a'", "'B'", "'d'", "1", "3", "4", "0", "NULL", "''", "DEFAULT", "'2'"},
	"se": {"'x'", "'z,x'", "'x,q'", "''", "3", "8", "NULL", "'Y'", "'x,x'"},
	"bi": {"5", "15", "16", "b'11'", "NULL", "-1", "0"},
	"ye": {"2024", "1900", "0", "70", "'69'", "2156", "NULL", "99", "'0'"},
	"tm": {"'10:11:12'", "'25:00'", "'-1:00:00'", "'839:00:00'", "101112", "'x'", "NULL", "'10:11:12.6'", "'1 10:00'", "'10:61:00'"},
	"da": {"'2024-02-29'", "'2023-02-29'", "20240131", "'2024-1-5'", "'x'", "NULL", "'2024-01-31 10:00:00'", "'24-01-05'", "240131"},
	"dt": {"'2024-02-29 10:00:00'", "'2024-02-29 10:00:00.999'", "'2024-02-29'", "20240229101112", "'2024-02-30'", "NULL", "'2024-02-29T10:00'", "'x'", "'2024-02-29 25:00:00'"},
	"js": {"'{\"b\": [1, 2]}'", "'[]'", "'x'", "NULL", "'1'", "JSON_OBJECT('k', 1)", "''"},
	"vb": {"'ab'", "'abcde'", "x'00ff'", "NULL", "12"},
}

var oddColumns = []string{"ti", "tu", "si", "mu", "bu", "de", "fl", "ch", "vc", "en", "se", "bi", "ye", "tm", "da", "dt", "js", "vb"}
