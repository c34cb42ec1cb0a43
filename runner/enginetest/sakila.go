package enginetest

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// FreshSakila makes a database of its own on the MariaDB server and loads the
// Sakila sample into it, schema, routines, triggers and rows. The database has
// a name of its own, so that tests may run at the same time; the script's
// references to "sakila" are changed to it.
func FreshSakila(t testing.TB, name string) (string, *sql.DB) {
	t.Helper()
	address, db := FreshMariaDB(t, name)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("read URL %q: %v", address, err)
	}
	script := sakilaScript(t, strings.TrimPrefix(u.Path, "/"))
	// The client knows DELIMITER and version comments.
	client, err := exec.LookPath("mariadb")
	if err != nil {
		t.Fatalf("load Sakila: %v; run the tests with scripts/test", err)
	}
	cmd := exec.Command(client, "--no-defaults", "--protocol=tcp", "--host="+u.Hostname(), "--port="+u.Port(),
		"--user="+u.User.Username(), "--default-character-set=utf8mb4")
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(script), io.Discard, &stderr
	if err := cmd.Run(); err != nil {
		text := stderr.String()
		t.Fatalf("load Sakila: %v: %s", err, text[max(0, len(text)-500):])
	}
	return address, db
}

var (
	sakilaCreate    = regexp.MustCompile(`(?m)^(DROP|CREATE) SCHEMA .*$`)
	sakilaUse       = regexp.MustCompile(`(?m)^USE sakila;`)
	sakilaQualifier = regexp.MustCompile(`\bsakila\.`)
)

// sakilaScript reads the schema and the data scripts for another database name.
func sakilaScript(t testing.TB, database string) []byte {
	t.Helper()
	dir := filepath.Join(checkout(t), "testdata", "sakila")
	schema, err := os.ReadFile(filepath.Join(dir, "mysql-sakila-schema.sql"))
	if err != nil {
		t.Fatalf("read Sakila: %v", err)
	}
	schema = sakilaCreate.ReplaceAll(schema, nil)
	schema = sakilaQualifier.ReplaceAll(schema, []byte("`"+database+"`."))
	packed, err := os.ReadFile(filepath.Join(dir, "mysql-sakila-data.sql.gz"))
	if err != nil {
		t.Fatalf("read Sakila: %v", err)
	}
	gz, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatalf("read Sakila: %v", err)
	}
	data, err := io.ReadAll(gz)
	if err != nil {
		t.Fatalf("read Sakila: %v", err)
	}
	return sakilaUse.ReplaceAll(append(schema, data...), []byte("USE `"+database+"`;"))
}

// checkout is the folder of the main module, two above this file's.
func checkout(t testing.TB) string {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(file) {
		t.Fatal("find the checkout: built with -trimpath")
	}
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}
