package godwit

import (
	"strings"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// TestStandIns holds that tables and views which a dump makes in the place of views are left out, whichever program wrote it.
func TestStandIns(t *testing.T) {
	const tables = "CREATE TABLE `item` (`id` int(11) NOT NULL, `name` varchar(50) NOT NULL);\n"
	for name, script := range map[string]string{
		"phpMyAdmin": "CREATE TABLE `a` (\n`id` int(11)\n,`name` varchar(50)\n);\nCREATE TABLE `b` (`id` int(11));\n" +
			"DROP TABLE IF EXISTS `a`;\nCREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `a`  AS SELECT `b`.`id` AS `id` FROM `b` ;\n" +
			"DROP TABLE IF EXISTS `b`;\nCREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `b`  AS SELECT `item`.`id` AS `id` FROM `item` ;\n" +
			"ALTER TABLE `item` ADD PRIMARY KEY (`id`);\nALTER TABLE `item` MODIFY `id` int(11) NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=7;\n",
		"mysqldump": "/*!50001 CREATE VIEW `a` AS SELECT 1 AS `id`*/;\n/*!50001 CREATE VIEW `b` AS SELECT 1 AS `id`*/;\n" +
			"/*!50001 DROP VIEW IF EXISTS `a`*/;\n/*!50001 CREATE VIEW `a` AS select `b`.`id` AS `id` from `b` */;\n" +
			"/*!50001 DROP VIEW IF EXISTS `b`*/;\n/*!50001 CREATE VIEW `b` AS select `item`.`id` AS `id` from `item` */;\n",
	} {
		for _, u := range []string{"", "CREATE DATABASE IF NOT EXISTS `shop`;\nUSE `shop`;\n"} {
			c, err := ConvertFolder([]Script{textScript("x.sql", u+tables+script)}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15}, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			for _, u := range c.Units {
				for _, o := range u.Outputs {
					text += o.SQL + ";\n"
				}
			}
			if n := strings.Count(text, "CREATE VIEW"); n != 2 || strings.Contains(text, "DROP TABLE") || strings.Contains(text, "DROP VIEW") || strings.Count(text, "CREATE TABLE") != 1 {
				t.Errorf("%s: %d views in\n%s", name, n, text)
			}
			if name == "phpMyAdmin" && !strings.Contains(text, "AS IDENTITY") {
				t.Errorf("%s: no identity in\n%s", name, text)
			}
		}
	}
}

// TestHeidiSQLFrame holds that what HeidiSQL writes around the rows of a dump is converted.
func TestHeidiSQLFrame(t *testing.T) {
	script := "/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;\n/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;\n/*!40103 SET TIME_ZONE='+00:00' */;\n" +
		"/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;\nCREATE TABLE IF NOT EXISTS `cat` (`id` int NOT NULL AUTO_INCREMENT, `up` int, PRIMARY KEY (`id`), " +
		"CONSTRAINT `f` FOREIGN KEY (`up`) REFERENCES `cat` (`id`)) AUTO_INCREMENT=4;\nDELETE FROM `cat`;\nINSERT INTO `cat` (`id`, `up`) VALUES\n\t(1, 2),\n\t(2, NULL);\n" +
		"/*!40103 SET TIME_ZONE=IFNULL(@OLD_TIME_ZONE, 'system') */;\n/*!40101 SET SQL_MODE=IFNULL(@OLD_SQL_MODE, '') */;\n/*!40014 SET FOREIGN_KEY_CHECKS=IFNULL(@OLD_FOREIGN_KEY_CHECKS, 1) */;\n"
	c, err := ConvertFolder([]Script{textScript("x.sql", script)}, Options{From: dialect.MariaDB, To: dialect.Postgres, ToVersion: 15}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Findings() {
		if f.Severity >= diag.Review {
			t.Errorf("%s: %s", f.Code, f.Message)
		}
	}
	for _, u := range c.Units {
		for _, o := range u.Outputs {
			if strings.Contains(o.SQL, "DELETE") {
				t.Errorf("rows that are not there are deleted: %s", o.SQL)
			}
		}
	}
}
