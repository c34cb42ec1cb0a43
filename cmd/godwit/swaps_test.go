package main

import "testing"

// TestSwappedNames: columns that exchange their names in one ALTER TABLE do so on the target.
func TestSwappedNames(t *testing.T) {
	eachSource(t, func(t *testing.T, fresh freshSource) {
		s := newSchemaTask(t, fresh, "apply")
		s.source("CREATE TABLE w (id INT PRIMARY KEY, x INT, y VARCHAR(10), z INT UNSIGNED, UNIQUE KEY (x))", "INSERT INTO w VALUES (1, 10, 'ten', 100)")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.source("ALTER TABLE w RENAME COLUMN x TO Y, RENAME COLUMN y TO x", "INSERT INTO w (id, x, y, z) VALUES (2, 'two', 20, 200)")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.holds("SELECT concat_ws('|', id, x, y, z) FROM SHOP.w ORDER BY id", "1|ten|10|100, 2|two|20|200")
		s.source("ALTER TABLE w CHANGE x y VARCHAR(20), CHANGE y z INT, CHANGE z x INT UNSIGNED", "INSERT INTO w (id, x, y, z) VALUES (3, 300, 'three', 30)",
			"UPDATE w SET x = x + 1")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.holds("SELECT concat_ws('|', id, x, y, z) FROM SHOP.w ORDER BY id", "1|101|ten|10, 2|201|two|20, 3|301|three|30")
		s.holds("SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute WHERE attrelid = 'SHOP.w'::regclass AND attnum > 0", "id,x,y,z")
	})
}
