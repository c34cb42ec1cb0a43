package godwit

import (
	"strings"
	"testing"

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
