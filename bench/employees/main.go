// Command employees writes the rows of the employees sample database, whose
// publisher's scripts in testdata/employees have none here. The rows are made
// up and depend on the seed and the number of employees alone.
//
//	employees [--employees N] [--seed S] DIR
//
// DIR gets the files load_*.dump and show_elapsed.sql that the scripts source,
// so that "mariadb < employees.sql" works in a copy of testdata/employees.
// With 300,024 employees, the publisher's number, about 2.7 million salaries
// come out.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "employees:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	fs := flag.NewFlagSet("employees", flag.ContinueOnError)
	n := fs.Int("employees", 300024, "number of employees")
	seed := fs.Uint64("seed", 1, "seed of the rows")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() != 1 {
		return fmt.Errorf("name one folder to write to")
	}
	if *n < len(departments) {
		return fmt.Errorf("--employees %d: at least one for each of the %d departments is needed", *n, len(departments))
	}
	return generate(fs.Arg(0), *n, *seed)
}
