package main

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

var (
	departments = []string{"Customer Service", "Development", "Finance", "Human Resources", "Marketing", "Production", "Quality Management", "Research", "Sales"}
	titles      = []string{"Engineer", "Senior Engineer", "Staff", "Senior Staff", "Assistant Engineer", "Technique Leader"}
	first       = []string{"Aino", "Bezalel", "Chirstian", "Duangkaew", "Élodie", "Faiza", "Georgi", "Hironobu", "Irena", "Jørgen", "Kyoichi", "Łucja", "Mary", "Nevio", "Özlem", "Parto", "Saniya", "Tzvetan", "Ulf", "Zoë"}
	last        = []string{"Bamford", "Cappelletti", "D'Angelo", "Facello", "Genin", "Håkansson", "Kalloufi", "Koblick", "Maliniak", "Núñez", "O'Brien", "Peac", "Preusig", "Quispe", "Simmel", "Sluis", "Warnitz", "Zielinski", "Zschoche", "Öztürk"}
)

// forever is the end of what still holds, as the sample writes it.
const forever = "9999-01-01"

// dayAfterLast is the first day of which the rows know nothing.
var dayAfterLast = time.Date(2002, 8, 2, 0, 0, 0, 0, time.UTC)

// dump writes one file of INSERT statements of many rows each.
type dump struct {
	file  *os.File
	out   *bufio.Writer
	table string
	rows  int
	err   error
}

// rowsPerStatement keeps a statement far below max_allowed_packet.
const rowsPerStatement = 2000

func newDump(dir, file, table string) *dump {
	f, err := os.Create(filepath.Join(dir, file))
	return &dump{file: f, out: bufio.NewWriterSize(f, 1<<16), table: table, err: err}
}

// row adds a row; the first error is kept for close.
func (d *dump) row(format string, args ...any) {
	if d.err != nil {
		return
	}
	lead := ",\n"
	if d.rows%rowsPerStatement == 0 {
		lead = "INSERT INTO `" + d.table + "` VALUES\n"
		if d.rows > 0 {
			lead = ";\n" + lead
		}
	}
	d.rows++
	_, d.err = fmt.Fprintf(d.out, lead+"("+format+")", args...)
}

func (d *dump) close() error {
	if d.file == nil {
		return d.err
	}
	if d.err == nil && d.rows > 0 {
		_, d.err = d.out.WriteString(";\n")
	}
	return errors.Join(d.err, d.out.Flush(), d.file.Close())
}

// generator holds the open files.
type generator struct {
	rnd                                            *rand.Rand
	departments, employees, deptEmp, managers, job *dump
	salaries                                       [3]*dump
}

// generate writes all files into dir.
func generate(dir string, n int, seed uint64) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	g := &generator{
		rnd:         rand.New(rand.NewPCG(seed, uint64(n))),
		departments: newDump(dir, "load_departments.dump", "departments"),
		employees:   newDump(dir, "load_employees.dump", "employees"),
		deptEmp:     newDump(dir, "load_dept_emp.dump", "dept_emp"),
		managers:    newDump(dir, "load_dept_manager.dump", "dept_manager"),
		job:         newDump(dir, "load_titles.dump", "titles"),
	}
	for i := range g.salaries {
		g.salaries[i] = newDump(dir, fmt.Sprintf("load_salaries%d.dump", i+1), "salaries")
	}
	for i, name := range departments {
		g.departments.row("'d%03d','%s'", i+1, name)
	}
	for i := range n {
		g.employee(i, n)
	}
	errs := []error{g.departments.close(), g.employees.close(), g.deptEmp.close(), g.managers.close(), g.job.close()}
	for _, d := range g.salaries {
		errs = append(errs, d.close())
	}
	errs = append(errs, os.WriteFile(filepath.Join(dir, "show_elapsed.sql"), []byte("SELECT 'LOADED' AS 'INFO';\n"), 0o644))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("write the rows: %w", err)
	}
	return nil
}

// employee writes one person and everything about the person.
func (g *generator) employee(i, n int) {
	no := 10001 + i
	birth := time.Date(1952, 2, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, g.rnd.IntN(4748))
	hire := time.Date(1985, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, g.rnd.IntN(5500))
	sex := "M"
	if g.rnd.IntN(5) < 2 {
		sex = "F"
	}
	g.employees.row("%d,'%s','%s','%s','%s','%s'", no, day(birth), quote(first[g.rnd.IntN(len(first))]), quote(last[g.rnd.IntN(len(last))]), sex, day(hire))
	end := forever
	left := dayAfterLast
	if g.rnd.IntN(5) == 0 { // has left
		left = hire.AddDate(0, 0, 200+g.rnd.IntN(900))
		end = day(left)
	}
	g.works(i, no, hire, end)
	g.titles(no, hire, left, end)
	g.pay(i, n, no, hire, left, end)
}

// works writes the departments; the first of each department manages it.
func (g *generator) works(i, no int, hire time.Time, end string) {
	dept := i % len(departments)
	if i >= len(departments) {
		dept = g.rnd.IntN(len(departments))
	}
	from := day(hire)
	if i < len(departments) {
		g.managers.row("%d,'d%03d','%s','%s'", no, dept+1, from, forever)
		end = forever
	} else if g.rnd.IntN(10) == 0 { // has moved
		moved := day(hire.AddDate(0, 0, 100))
		g.deptEmp.row("%d,'d%03d','%s','%s'", no, dept+1, from, moved)
		dept, from = (dept+1)%len(departments), moved
	}
	g.deptEmp.row("%d,'d%03d','%s','%s'", no, dept+1, from, end)
}

func (g *generator) titles(no int, hire, left time.Time, end string) {
	k := g.rnd.IntN(len(titles))
	from := hire
	if next := hire.AddDate(5, 0, 0); next.Before(left) {
		g.job.row("%d,'%s','%s','%s'", no, titles[k], day(from), day(next))
		from, k = next, (k+1)%len(titles)
	}
	if end == forever && g.rnd.IntN(50) == 0 {
		g.job.row("%d,'%s','%s',NULL", no, titles[k], day(from))
		return
	}
	g.job.row("%d,'%s','%s','%s'", no, titles[k], day(from), end)
}

// pay writes a salary for each year, in the file of the employee's third.
func (g *generator) pay(i, n, no int, hire, left time.Time, end string) {
	out := g.salaries[3*i/n]
	amount := 38000 + g.rnd.IntN(40000)
	for from := hire; from.Before(left); from = from.AddDate(1, 0, 0) {
		to := day(from.AddDate(1, 0, 0))
		if !from.AddDate(1, 0, 0).Before(left) {
			to = end
		}
		out.row("%d,%d,'%s','%s'", no, amount, day(from), to)
		amount += g.rnd.IntN(5000) - 1000
	}
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func quote(s string) string { return strings.ReplaceAll(s, "'", "''") }
