package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/bench/sakila"
	"godwit/bench/target"
)

// task is the task file that migrate, verify and cutover take.
const task = `# Written by the demonstration.
name: sakila
source:
  url: %s
target:
  url: %s
convert:
  folder: sakila
`

func (d *demo) taskFile() string  { return filepath.Join(d.out, "sakila.yaml") }
func (d *demo) converted() string { return filepath.Join(d.out, "sakila") }
func (d *demo) database() string  { return strings.TrimSuffix(d.source, "/") + "/" + sakila.Name }

// run is the story of the demonstration.
func (d *demo) run(ctx context.Context) error {
	if err := d.prepare(ctx); err != nil {
		return err
	}
	defer d.log.Close()
	d.screen.title("godwit moves Sakila from MariaDB to PostgreSQL while a shop writes to it")
	db, err := d.load(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	sum, err := sakila.Invariant(ctx, db)
	if err != nil {
		return err
	}
	if err := d.assess(ctx); err != nil {
		return err
	}
	if err := d.convert(ctx); err != nil {
		return err
	}
	f, err := d.move(ctx, db)
	if err != nil {
		return err
	}
	if err := d.cutover(ctx, f); err != nil {
		return err
	}
	return d.compare(ctx, db, sum)
}

// prepare makes the folder, the log, the target database and the task.
func (d *demo) prepare(ctx context.Context) error {
	if err := os.MkdirAll(d.out, 0o755); err != nil {
		return fmt.Errorf("make the folder of results: %w", err)
	}
	var err error
	if d.log, err = os.Create(filepath.Join(d.out, "demo.log")); err != nil {
		return fmt.Errorf("make the log: %w", err)
	}
	if d.target, err = target.Create(ctx, d.target, sakila.Name); err != nil {
		return err
	}
	if err := os.WriteFile(d.taskFile(), fmt.Appendf(nil, task, d.database(), d.target), 0o644); err != nil {
		return fmt.Errorf("write the task: %w", err)
	}
	return nil
}

// load fills the source and tells what is in it.
func (d *demo) load(ctx context.Context) (*sql.DB, error) {
	d.screen.step("Load the Sakila sample database into MariaDB")
	if err := sakila.Load(ctx, d.source, d.data); err != nil {
		return nil, err
	}
	db, err := sakila.Open(d.source, sakila.Name)
	if err != nil {
		return nil, err
	}
	const query = `SELECT VERSION(),
		(SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'),
		(SELECT COUNT(*) FROM information_schema.views WHERE table_schema = DATABASE()),
		(SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = DATABASE()),
		(SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE())`
	var version string
	var tables, views, routines, triggers int
	if err := db.QueryRowContext(ctx, query).Scan(&version, &tables, &views, &routines, &triggers); err != nil {
		db.Close()
		return nil, fmt.Errorf("look at the source: %w", err)
	}
	version, _, _ = strings.Cut(version, "-")
	d.screen.say("MariaDB %s: %d tables, %d views, %d routines, %d triggers", version, tables, views, routines, triggers)
	return db, nil
}

func (d *demo) assess(ctx context.Context) error {
	d.screen.step("Assess: what converts by itself, and what the rest costs")
	report := filepath.Join(d.out, "report.html")
	out, err := d.call(ctx, "assess", d.database(), "--to", "postgres", "--html", report)
	if err != nil {
		return err
	}
	for _, l := range splitText(out) {
		if strings.Contains(l, "convert automatically") || strings.Contains(l, " exact under recorded") || strings.HasPrefix(l, "Manual work") {
			d.screen.say("%s", l)
		}
	}
	d.screen.say("report: %s", report)
	return nil
}

// shown is the object that the demonstration shows on both sides.
const shown = "upd_film"

func (d *demo) convert(ctx context.Context) error {
	d.screen.step("Convert: one file per object, each line with its origin")
	out, err := d.call(ctx, "convert", d.database(), "--to", "postgres", "-o", d.converted())
	if err != nil {
		return err
	}
	d.screen.say("%s", splitText(out)[0])
	file := filepath.Join(d.converted(), "sakila", "trigger", "film."+shown+".sql")
	target, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("the trigger %s was not converted: %w", shown, err)
	}
	source, err := d.sourceOf(shown)
	if err != nil {
		return err
	}
	d.screen.say("")
	d.screen.beside("trigger "+shown+" on MariaDB", source, "on PostgreSQL", withoutComments(string(target)))
	d.screen.say("")
	line := lineWith(string(target), "RETURN NULL")
	out, err = d.call(ctx, "why", fmt.Sprintf("%s:%d", file, line))
	if err != nil {
		return err
	}
	for _, l := range splitText(out) {
		d.screen.say("%s", cut(l, usualWidth-4))
	}
	return nil
}

// cut shortens a line.
func cut(line string, limit int) string {
	if r := []rune(line); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return line
}

// sourceOf cuts a trigger from the text that godwit read, where each statement ends with "$$".
func (d *demo) sourceOf(name string) (string, error) {
	b, err := os.ReadFile(filepath.Join(d.converted(), "source.sql"))
	if err != nil {
		return "", fmt.Errorf("read the source's text: %w", err)
	}
	_, text, found := strings.Cut(string(b), "TRIGGER `"+name+"`")
	text, _, ended := strings.Cut(text, "$$")
	if !found || !ended {
		return "", fmt.Errorf("the source's text has no trigger %s", name)
	}
	return strings.Replace("CREATE TRIGGER "+name+text, " FOR EACH ROW ", "\nFOR EACH ROW ", 1), nil
}

func withoutComments(text string) string {
	var out []string
	for _, l := range splitText(text) {
		if !strings.HasPrefix(l, "--") {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

// lineWith is the number of the first line that has the words; 1 if none has.
func lineWith(text, words string) int {
	for i, l := range strings.Split(text, "\n") {
		if strings.Contains(l, words) {
			return i + 1
		}
	}
	return 1
}

// move loads and follows while a writer works; the writer has stopped when it returns.
func (d *demo) move(ctx context.Context, db *sql.DB) (*follower, error) {
	d.screen.step("The shop opens: %d connections, %.0f transactions a second", d.workers, d.rate)
	w := sakila.NewWriter(db, d.rate, d.workers, 1)
	writing, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- w.Run(writing) }()
	f, err := d.whileWriting(ctx, w)
	stop()
	if werr := <-done; werr != nil {
		return nil, errors.Join(err, fmt.Errorf("writer: %w", werr))
	}
	if err != nil {
		return nil, err
	}
	d.screen.step("The shop closes")
	d.screen.say("%s transactions were made; no write from here on", thousands(int64(w.Stats().Total())))
	return f, nil
}

func (d *demo) whileWriting(ctx context.Context, w *sakila.Writer) (*follower, error) {
	if err := d.pause(ctx, w, d.lead); err != nil {
		return nil, err
	}
	d.screen.step("Check both ends")
	out, err := d.call(ctx, "check", d.taskFile())
	if err != nil {
		return nil, err
	}
	d.screen.good("%s", last(out))
	d.screen.step("Migrate: full load, then every change, in the background")
	f, err := d.follow(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.wait(ctx); err != nil {
		return nil, err
	}
	if err := d.pause(ctx, w, d.lead); err != nil {
		return nil, err
	}
	return f, d.look(ctx, f)
}

// look asks for the status and a verification while the writer works.
func (d *demo) look(ctx context.Context, f *follower) error {
	d.screen.step("Look at it while the shop writes")
	out, err := d.call(ctx, "status", d.taskFile())
	if err != nil {
		return err
	}
	for _, l := range splitText(out) {
		d.screen.say("%s", l)
	}
	d.screen.say("")
	if out, err = d.call(ctx, "verify", d.taskFile()); err != nil {
		return err
	}
	d.screen.good("%s", last(out))
	return f.alive()
}

func last(text string) string {
	lines := splitText(text)
	return lines[len(lines)-1]
}

// pause lets the writer work for a while and fails when it does not.
func (d *demo) pause(ctx context.Context, w *sakila.Writer, long time.Duration) error {
	before := w.Stats().Total()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(long):
	}
	now := w.Stats().Total()
	if now == before && long > time.Second {
		return errors.New("the writer does nothing")
	}
	d.screen.aside("the shop has made %s transactions", thousands(int64(now)))
	return nil
}

func (d *demo) cutover(ctx context.Context, f *follower) error {
	d.screen.step("Cut over")
	out, err := d.call(ctx, "cutover", d.taskFile(), "--apps-stopped")
	if err != nil {
		return err
	}
	for _, l := range splitText(out) {
		if fields := strings.Fields(l); len(fields) > 2 && fields[2] == "s" {
			d.screen.say("%s", l)
		}
	}
	d.screen.good("%s", last(out))
	return f.handOver(ctx)
}

// lag asks for the end of the source's log and what of it is applied.
func (d *demo) lag(ctx context.Context) error {
	out, err := d.quiet(ctx, "status", d.taskFile(), "--json")
	if err != nil {
		return err
	}
	var s struct {
		InSync  bool   `json:"in_sync"`
		Applied string `json:"applied_position"`
		Source  string `json:"source_position"`
		Cutover string `json:"cutover"`
	}
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		return fmt.Errorf("read the status: %w", err)
	}
	if !s.InSync || s.Cutover != "switched" {
		return fmt.Errorf("after the cutover the target is at %s, the source at %s, the cutover %s", s.Applied, s.Source, s.Cutover)
	}
	d.screen.good("lag 0: everything up to %s is applied", s.Source)
	return nil
}

// compare looks at both sides without godwit.
func (d *demo) compare(ctx context.Context, db *sql.DB, sum string) error {
	d.screen.step("Compare both sides, without godwit")
	tables, rows, err := compare(ctx, db, d.target)
	if err != nil {
		return err
	}
	d.screen.good("%d tables, %s rows: the counts, values and sums of every column agree", tables, thousands(rows))
	for _, at := range []func() (string, error){
		func() (string, error) { return sakila.Invariant(ctx, db) },
		func() (string, error) { return d.onTarget(ctx, "SELECT sum(amount)::text FROM sakila.payment") },
	} {
		got, err := at()
		if err != nil {
			return err
		}
		if got != sum {
			return fmt.Errorf("the payments, which no transaction changes in sum, were %s and are %s", sum, got)
		}
	}
	d.screen.good("the payments sum up to %s, as before: no transaction was torn, lost or repeated", sum)
	if err := d.lag(ctx); err != nil {
		return err
	}
	if err := d.triggerWorks(ctx); err != nil {
		return err
	}
	d.screen.title(fmt.Sprintf("Moved in %.0f s. The converted files, the report and the log are in %s.", time.Since(d.screen.began).Seconds(), d.out))
	return nil
}

// triggerWorks changes a row on the target and looks at what the converted trigger made of it.
func (d *demo) triggerWorks(ctx context.Context) error {
	const change = "UPDATE sakila.film SET title = 'BAR-TAILED GODWIT' WHERE film_id = 1"
	got, err := d.onTarget(ctx, change, "SELECT title FROM sakila.film_text WHERE film_id = 1")
	if err != nil {
		return err
	}
	if got != "BAR-TAILED GODWIT" {
		return fmt.Errorf("the converted trigger %s left the title %q", shown, got)
	}
	d.screen.good("the target takes writes: trigger %s carried a new title from film to film_text", shown)
	return nil
}

// onTarget runs statements on the target and returns the only value of the last.
func (d *demo) onTarget(ctx context.Context, statements ...string) (string, error) {
	pg, err := pgx.Connect(ctx, d.target)
	if err != nil {
		return "", fmt.Errorf("connect to the target: %w", err)
	}
	defer pg.Close(context.WithoutCancel(ctx))
	for i, s := range statements {
		if i == len(statements)-1 {
			var v string
			err := pg.QueryRow(ctx, s).Scan(&v)
			if err != nil {
				err = fmt.Errorf("%s: %w", s, err)
			}
			return v, err
		}
		if _, err := pg.Exec(ctx, s); err != nil {
			return "", fmt.Errorf("%s: %w", s, err)
		}
	}
	return "", nil
}
