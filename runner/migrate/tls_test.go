package migrate

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"godwit/ir/catalog"
	"godwit/runner/enginetest"
)

// authority makes certificates.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority(t *testing.T, name string) *authority {
	a := &authority{t: t}
	a.cert, a.key, a.pem, _ = a.issue(name, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	return a
}

// issue signs a certificate; the authority itself signs its own.
func (a *authority) issue(name string, c *x509.Certificate) (cert *x509.Certificate, key *ecdsa.PrivateKey, certPEM, keyPEM []byte) {
	a.t.Helper()
	fail := func(err error) {
		if err != nil {
			a.t.Fatal(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	fail(err)
	c.SerialNumber, _ = rand.Int(rand.Reader, big.NewInt(1<<60))
	c.Subject = pkix.Name{CommonName: name}
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	fail(err)
	cert, err = x509.ParseCertificate(der)
	fail(err)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	fail(err)
	return cert, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}

// leaf is a certificate of a server on the loopback address, or of a client.
func (a *authority) leaf(name string) (certPEM, keyPEM []byte) {
	_, _, certPEM, keyPEM = a.issue(name, &x509.Certificate{
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	})
	return certPEM, keyPEM
}

// TestTLS moves a table between servers that let in only clients with a certificate: by SQL, by the replication protocol,
// and to PostgreSQL.
func TestTLS(t *testing.T) {
	t.Parallel()
	servers := enginetest.Private(t, "mariadb", "pg15")
	src, dst := servers[0], servers[1]
	ca := newAuthority(t, "authority")
	cert, key := ca.leaf("server")
	files := map[string][]byte{"ca.pem": ca.pem, "server.pem": cert, "server.key": key}
	admin := enginetest.OpenMySQL(t, src.URL)
	r := &rig{t: t, schema: "tls", db: admin, srcURL: src.URL + "tls", dstURL: dst.URL}
	r.my("CREATE DATABASE tls; CREATE TABLE tls.a (id INT PRIMARY KEY, s VARCHAR(100)); INSERT INTO tls.a VALUES (1, 'one'), (2, 'two'); " +
		"CREATE USER mover@'127.0.0.1' REQUIRE X509; GRANT ALL ON *.* TO mover@'127.0.0.1'")
	r.pg("CREATE TABLE a (id int primary key, s varchar(100)); CREATE ROLE mover LOGIN SUPERUSER")
	src.Restart(files, "--ssl-ca=ca.pem", "--ssl-cert=server.pem", "--ssl-key=server.key")
	pgFiles := map[string][]byte{"pg_hba.conf": []byte("hostssl all mover 127.0.0.1/32 cert\nhost all all 127.0.0.1/32 trust\n")}
	for n, b := range files {
		pgFiles[n] = b
	}
	dst.Restart(pgFiles, "-c", "ssl=on", "-c", "ssl_ca_file=ca.pem", "-c", "ssl_cert_file=server.pem", "-c", "ssl_key_file=server.key")

	dir := t.TempDir()
	clientCert, clientKey := ca.leaf("mover")
	save := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	params := url.Values{"sslmode": {"verify-full"}, "sslrootcert": {save("ca.pem", ca.pem)}, "sslcert": {save("c.pem", clientCert)}, "sslkey": {save("c.key", clientKey)}}
	secured := func(address string, params url.Values) Endpoint {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		u.User, u.RawQuery = url.User("mover"), params.Encode()
		return Endpoint{URL: u.String()}
	}
	task := Task{Name: "tls", Source: secured(r.srcURL, params), Target: secured(r.dstURL, params)}
	task.Load.Workers = 2
	opts := Options{Tables: []*catalog.Table{r.table("a", []string{"id"}, col("id", tInt), col("s", tText))}, Until: Until{CaughtUp: true}}
	run(t, task, opts)
	if _, err := enginetest.OpenMySQL(t, r.srcURL).Exec("UPDATE a SET s = 'changed' WHERE id = 2"); err != nil {
		t.Fatal(err)
	}
	run(t, task, opts)
	if got := r.dump("SELECT id || s FROM a ORDER BY id"); got != "1one\n2changed" {
		t.Errorf("the target holds %q", got)
	}

	other := url.Values{"sslmode": {"verify-full"}, "sslrootcert": {save("other.pem", newAuthority(t, "other").pem)}, "sslcert": params["sslcert"], "sslkey": params["sslkey"]}
	without := url.Values{"sslmode": {"require"}}
	for name, bad := range map[string]struct {
		task Task
		want string
	}{
		"source signed by another":      {Task{Name: "x", Source: secured(r.srcURL, other), Target: task.Target}, "certificate"},
		"target signed by another":      {Task{Name: "x", Source: task.Source, Target: secured(r.dstURL, other)}, "certificate"},
		"source wants a certificate":    {Task{Name: "x", Source: secured(r.srcURL, without), Target: task.Target}, "Access denied"},
		"target wants a certificate":    {Task{Name: "x", Source: task.Source, Target: secured(r.dstURL, without)}, "certificate"},
		"source without protection":     {Task{Name: "x", Source: secured(r.srcURL, url.Values{"sslmode": {"disable"}}), Target: task.Target}, "Access denied"},
		"certificate file is not there": {Task{Name: "x", Source: secured(r.srcURL, url.Values{"sslcert": {"/none"}, "sslkey": {"/none"}}), Target: task.Target}, "/none"},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		_, err := Run(ctx, bad.task, opts)
		if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: %v; want at once an error with %q", name, err, bad.want)
		}
		cancel()
	}
}
