package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/enginetest"
	"godwit/runner/mysql"
)

// TestLogBegunAnew: a log that begins anew counts its transactions from 1 again. As long as there are fewer than before, nothing
// seems to be missing; as soon as there are more, the first of them seem to be applied. Both stop the task, whether or not the
// server has given up parts of its log, and whoever wrote its last transaction.
func TestLogBegunAnew(t *testing.T) {
	for _, name := range []string{"mariadb", "mysql80"} {
		t.Run(name, func(t *testing.T) {
			server := enginetest.Private(t, name)[0]
			for i, c := range []struct {
				name           string
				purged, others bool // parts of the log are purged; another server wrote the last transaction
				behind         int  // files that were purged of the log that was begun anew
			}{{"whole log", false, false, 0}, {"purged", true, false, 0}, {"another server's", false, true, 0}, {"purged, another server's", true, true, 0}, {"new log purged", true, false, 6}} {
				t.Run(c.name, func(t *testing.T) {
					r := rigOn(t, server.URL, fmt.Sprint("s", i), enginetest.FreshPostgres(t, 15, "anew"))
					a := &anew{rig: r, server: server, maria: name == "mariadb"}
					a.check(c.purged, c.others, c.behind)
				})
			}
		})
	}
}

// TestLogBegunAnewWithoutGTIDs: without GTIDs the log's file and offset are all there is, and a log that was begun anew soon has a
// transaction that ends at the very same place.
func TestLogBegunAnewWithoutGTIDs(t *testing.T) {
	for _, name := range []string{"mysql57", "mysql80"} {
		t.Run(name, func(t *testing.T) {
			server := enginetest.Private(t, name)[0]
			r := rigOn(t, server.URL, "s", enginetest.FreshPostgres(t, 15, "anew"))
			a := &anew{rig: r, server: server}
			r.db.SetMaxIdleConns(0) // the server is started again
			off := func() {
				for _, mode := range []string{"ON_PERMISSIVE", "OFF_PERMISSIVE", "OFF"} {
					a.my("SET GLOBAL gtid_mode = %s", mode)
				}
			}
			off()
			a.my("RESET MASTER")
			a.my("CREATE TABLE a (id int primary key)")
			a.pg("CREATE TABLE a (id int primary key)")
			opts := Options{Tables: []*catalog.Table{a.table("a", []string{"id"}, col("id", tInt))}, Until: Until{CaughtUp: true}}
			for _, step := range []func(){
				func() { a.insert(20) }, func() {}, func() { a.insert(3) }, func() { a.my("FLUSH LOGS") }, func() { a.insert(3) },
				func() { server.Kill(); server.Start(); off(); a.insert(3) },
			} {
				step()
				res, err := Run(context.Background(), a.task(), opts)
				if err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(res.Position.String(), "+") {
					t.Errorf("position %s does not say when its file was begun", res.Position)
				}
			}
			a.my("FLUSH LOGS") // the position lies in front of a file's first transaction
			res, err := Run(context.Background(), a.task(), opts)
			if err != nil {
				t.Fatal(err)
			}
			file, _, _ := strings.Cut(res.Position.String(), ":")
			files := int(file[len(file)-1] - '0')
			time.Sleep(1100 * time.Millisecond) // a file's birth counts in seconds
			a.my("RESET MASTER")
			a.insert(5)
			for range files - 1 {
				a.my("FLUSH LOGS")
			}
			a.insert(40)
			if _, err := Run(context.Background(), a.task(), opts); !errors.Is(err, mysql.ErrPositionLost) || !strings.Contains(err.Error(), "was begun at") {
				t.Errorf("behind a log that was begun anew: %v", err)
			}
		})
	}
}

// TestLogBegunAnewInTheSameSecond: without GTIDs, a log that was begun in the same second as the one before it has other events.
func TestLogBegunAnewInTheSameSecond(t *testing.T) {
	for _, name := range []string{"mysql57", "mysql80"} {
		t.Run(name, func(t *testing.T) {
			server := enginetest.Private(t, name)[0]
			a := &anew{rig: rigOn(t, server.URL, "s", enginetest.FreshPostgres(t, 15, "anew")), server: server}
			for _, mode := range []string{"ON_PERMISSIVE", "OFF_PERMISSIVE", "OFF"} {
				a.my("SET GLOBAL gtid_mode = %s", mode)
			}
			a.my("CREATE TABLE a (id int primary key)")
			a.pg("CREATE TABLE a (id int primary key)")
			a.db.SetMaxOpenConns(1)
			reset := func() { // the log's first event has the time of the session
				a.my("SET timestamp = 1790000000")
				a.my("RESET MASTER")
				a.my("SET timestamp = DEFAULT")
			}
			opts := Options{Tables: []*catalog.Table{a.table("a", []string{"id"}, col("id", tInt))}, Until: Until{CaughtUp: true}}
			for i, rows := range []int{1, 3, 60} { // in front of the end of what is taken note of, and behind it
				task := a.task()
				task.Name = fmt.Sprint("test", i)
				reset()
				a.insert(1)
				a.pg("TRUNCATE a")
				for _, n := range []int{0, rows, 0, 1} {
					a.insert(n)
					res, err := Run(context.Background(), task, opts)
					if err != nil {
						t.Fatal(err)
					}
					if !strings.Contains(res.Position.String(), "+1790000000-") {
						t.Fatalf("position %s does not say how its file begins", res.Position)
					}
				}
				a.same("SELECT id FROM a ORDER BY id", "SELECT a.id::text FROM a ORDER BY a.id")
				reset()
				a.insert(rows + 30)
				if _, err := Run(context.Background(), task, opts); !errors.Is(err, mysql.ErrPositionLost) || !strings.Contains(err.Error(), "in the same second") {
					t.Errorf("behind a log that was begun anew: %v", err)
				}
				task.Name += " old"
				a.pg("TRUNCATE a")
				if _, err := Run(context.Background(), task, opts); err != nil {
					t.Fatal(err)
				}
				a.insert(2)
				a.pg("UPDATE godwit.progress SET position = regexp_replace(position, '[+].*', '') WHERE task = '" + task.Name + "'") // as an older program wrote it
				res, err := Run(context.Background(), task, opts)
				if err != nil || !strings.Contains(res.Position.String(), "+1790000000-") {
					t.Errorf("behind a position of an older program: %v, %v", res.Position, err)
				}
			}
		})
	}
}

// TestLargeEventInLog: MariaDB does not tell the GTIDs at a place of its log behind an event that is larger than its
// max_allowed_packet, which an UPDATE of a row of more than half of it is. The load had no position then, and a task that stopped
// there was told that the log had been begun anew; one that was is found all the same.
func TestLargeEventInLog(t *testing.T) {
	server := enginetest.Private(t, "mariadb")[0]
	for i, behind := range []int{3, 60} {
		r := rigOn(t, server.URL, fmt.Sprint("s", i), enginetest.FreshPostgres(t, 15, "large"))
		a := &anew{rig: r, server: server, maria: true}
		r.db.SetMaxIdleConns(0)
		a.my("RESET MASTER")
		a.my("SET GLOBAL max_allowed_packet = 1048576")
		a.my("CREATE TABLE a (id int primary key)")
		a.my("CREATE TABLE large (id int primary key, v mediumtext)")
		a.pg("CREATE TABLE a (id int primary key)")
		a.pg("CREATE TABLE large (id int primary key, v text)")
		large := func() {
			a.my("REPLACE INTO large VALUES (1, REPEAT('a', 900000))")
			a.my("UPDATE large SET v = REPEAT('b', 900000)")
		}
		large()
		opts := Options{Tables: []*catalog.Table{a.table("a", []string{"id"}, col("id", tInt)), a.table("large", []string{"id"}, col("id", tInt), col("v", types.Text{MaxBytes: 1<<24 - 1, Charset: "utf8mb4"}))},
			Until: Until{CaughtUp: true}}
		for _, step := range []func(){
			func() {}, func() { a.insert(20) }, func() { large() }, func() {}, func() { a.insert(3) }, func() { a.my("FLUSH BINARY LOGS") }, func() { large(); a.insert(20) },
		} {
			step()
			if _, err := Run(context.Background(), a.task(), opts); err != nil {
				t.Fatal(err)
			}
			a.same("SELECT id FROM a UNION ALL SELECT MD5(v) FROM large", "SELECT id::text FROM a UNION ALL SELECT md5(v) FROM large")
		}
		a.my("RESET MASTER")
		large()
		a.insert(behind)
		a.my("FLUSH BINARY LOGS")
		large()
		a.insert(behind)
		if _, err := Run(context.Background(), a.task(), opts); !errors.Is(err, mysql.ErrPositionLost) {
			t.Errorf("behind a log that was begun anew with %d transactions: %v", 2*behind, err)
		}
	}
}

type anew struct {
	*rig
	server *enginetest.Server
	maria  bool
	last   int
}

func (a *anew) insert(n int) {
	for range n {
		a.last++
		a.my("INSERT INTO a VALUES (%d)", a.last)
	}
}

// foreign inserts a row in a transaction that seems to come from another server.
func (a *anew) foreign() {
	a.last++
	if a.maria {
		a.my("SET STATEMENT server_id = 777, gtid_domain_id = 7 FOR INSERT INTO a VALUES (%d)", a.last)
		return
	}
	c, err := a.db.Conn(context.Background())
	if err != nil {
		a.t.Fatal(err)
	}
	defer c.Close()
	for _, q := range []string{fmt.Sprintf("SET gtid_next = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa:%d'", a.last), fmt.Sprintf("INSERT INTO a VALUES (%d)", a.last), "SET gtid_next = 'AUTOMATIC'"} {
		if _, err := c.ExecContext(context.Background(), q); err != nil {
			a.t.Fatal(err)
		}
	}
}

// cut gives up all files of the log but the last.
func (a *anew) cut() {
	a.my("FLUSH BINARY LOGS")
	var file, rest string
	cols := []any{&file, &rest, &rest, &rest, &rest}
	if a.maria {
		cols = cols[:4]
	}
	if err := a.db.QueryRow("SHOW MASTER STATUS").Scan(cols...); err != nil {
		a.t.Fatal(err)
	}
	a.my("PURGE BINARY LOGS TO '%s'", file)
}

func (a *anew) check(purged, others bool, behind int) {
	t := a.t
	a.db.SetMaxIdleConns(0) // the server is started again
	a.my("RESET MASTER")
	a.my("CREATE TABLE a (id int primary key)")
	a.pg("CREATE TABLE a (id int primary key)")
	opts := Options{Tables: []*catalog.Table{a.table("a", []string{"id"}, col("id", tInt))}, Until: Until{CaughtUp: true}}
	run := func() error {
		res, err := Run(context.Background(), a.task(), opts)
		if err == nil && !strings.Contains(res.Position.String(), "@") {
			t.Errorf("position %s is of no server", res.Position)
		}
		return err
	}
	a.insert(20)
	for i := range 5 { // whatever the log's last event is, the task goes on
		if err := run(); err != nil {
			t.Fatal(err)
		}
		switch i {
		case 0:
			a.my("FLUSH LOGS")
		case 1:
			a.insert(3)
		case 2:
			a.server.Kill()
			a.server.Start()
		case 3:
			if purged {
				a.cut()
			}
			if others {
				a.foreign()
			}
		}
	}
	if purged { // the position's own file too
		a.cut()
		if err := run(); err != nil {
			t.Fatal(err)
		}
	}
	a.my("RESET MASTER")
	for range behind {
		a.insert(1)
		a.cut()
	}
	a.insert(6)
	if err := run(); !errors.Is(err, mysql.ErrPositionLost) {
		t.Errorf("behind fewer transactions than there were: %v", err)
	}
	a.insert(40)
	if others {
		a.foreign()
	}
	if err := run(); !errors.Is(err, mysql.ErrPositionLost) {
		t.Errorf("behind more transactions than there were: %v", err)
	}
}

// TestProgressRemoved: rows that are on the target without the position that they belong to stop the task, which would begin at the
// source's end and never see what came between.
func TestProgressRemoved(t *testing.T) {
	r := newRig(t, families()[0])
	opts := small(r)
	run(t, r.task(), opts)
	r.pg("DELETE FROM godwit.progress")
	r.my("UPDATE a SET n = n + 1")
	for range 2 {
		if _, err := Run(context.Background(), r.task(), opts); !errors.Is(err, ErrOtherTask) || !strings.Contains(err.Error(), "godwit.progress") {
			t.Errorf("error %v", err)
		}
	}
}
