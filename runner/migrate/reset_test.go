package migrate

import (
	"context"
	"errors"
	"strings"
	"testing"

	"godwit/ir/catalog"
	"godwit/runner/enginetest"
	"godwit/runner/mysql"
)

// TestLogBegunAnew: a log that begins anew counts its transactions from 1 again. As long as there are fewer than before, nothing
// seems to be missing; as soon as there are more, the first of them seem to be applied. Both stop the task.
func TestLogBegunAnew(t *testing.T) {
	for _, name := range []string{"mariadb", "mysql80"} {
		t.Run(name, func(t *testing.T) {
			server := enginetest.Private(t, name)[0]
			r := rigOn(t, server.URL, "s", enginetest.FreshPostgres(t, 15, "anew"))
			r.db.SetMaxIdleConns(0) // the server is started again
			r.my("CREATE TABLE a (id int primary key)")
			r.pg("CREATE TABLE a (id int primary key)")
			opts := Options{Tables: []*catalog.Table{r.table("a", []string{"id"}, col("id", tInt))}, Until: Until{CaughtUp: true}}
			run := func() error {
				_, err := Run(context.Background(), r.task(), opts)
				return err
			}
			insert := func(from, to int) {
				for i := from; i <= to; i++ {
					r.my("INSERT INTO a VALUES (%d)", i)
				}
			}
			insert(1, 20)
			for i := range 4 { // whatever the log's last event is, the task goes on
				if err := run(); err != nil {
					t.Fatal(err)
				}
				switch i {
				case 0:
					r.my("FLUSH LOGS")
				case 1:
					insert(100, 102)
				case 2:
					server.Kill()
					server.Start()
				}
			}
			r.my("RESET MASTER")
			insert(200, 205)
			if err := run(); !errors.Is(err, mysql.ErrPositionLost) {
				t.Errorf("behind fewer transactions than there were: %v", err)
			}
			insert(300, 340)
			if err := run(); !errors.Is(err, mysql.ErrPositionLost) {
				t.Errorf("behind more transactions than there were: %v", err)
			}
		})
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
