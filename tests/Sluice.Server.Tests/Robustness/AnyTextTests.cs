using CsCheck;
using Sluice.Testing;

namespace Sluice.Server.Tests.Robustness;

/// <summary>
/// Whatever text stands in whatever place of whatever request: the server answers, and never with a fault of its own. A few seconds, or a
/// minute when SLUICE_LONG=1. Where a place is in several examples of a body the databases share them in a short run: each text is in that place
/// on both, and in every example on one of them.
/// </summary>
public abstract class AnyTextTests(SecludedServer server)
{
    private static readonly int Seconds = Seeds.IsLong ? 60 : 3;

    private static readonly IReadOnlyList<RequestHole> Holes = RequestHole.All();

    /// <summary>What parsers, databases and file systems stumble over.</summary>
    private static readonly string[] Nasty =
    [
        "", "\0", "a\0b", "\ud800", "\udc00\ud800", "a\udfff", "\uffff\ufffe", "\U0001f600", "\r\n", "\u202e", "'", "\"", "\\", "%", "_", "..", "/", "a/../b", "lake",
        "[REDACTED]", "{}", "[\"lake\"]", "null", "-1", "9999999999999999999999", "00000000-0000-0000-0000-000000000000", "0-0", "ffffffffffffffff-1", "env:SLUICE_SECRET_X",
        "file:/etc/passwd", "PT0S", "P1D", "9999-12-31T23:59:59.9999999-14:00", "0001-01-01T00:00:00+14:00", "arn:aws:iam::123456789012:role/x", "us-east-1", "123456789012",
        "http://127.0.0.1:1", "https://x.amazonaws.com", "a.example.com", "localhost", "Glue", "PostgreSQL", "disable", "-----BEGIN CERTIFICATE-----", new string('a', 300),
        new string('\u00e9', 1100), new string('x', 3000),
    ];

    private static readonly Gen<string> OneOfNasty = Gen.Int[0, Nasty.Length - 1].Select(i => Nasty[i]);

    private static readonly Gen<string> Texts = Gen.OneOf(
        OneOfNasty,
        Gen.String,
        Gen.String[Gen.Char["\0\ud800\udc00\uffff%_/\\.'\"[]{}:$-aZ09 \n"], 0, 20],
        Gen.Select(OneOfNasty, OneOfNasty, (a, b) => a + b));

    [Fact]
    public async Task No_text_in_any_place_makes_the_server_fail()
    {
        await RequireAsync();
        foreach (var hole in Holes)
            foreach (var (index, text) in Nasty.Index())
                if (IsOurs(hole, index)) await CheckAsync(hole, text);
    }

    [Fact]
    public async Task No_random_text_makes_the_server_fail()
    {
        await RequireAsync();
        await Gen.Select(Gen.Int[0, Holes.Count - 1], Texts).SampleAsync(
            async (hole, text) => await CheckAsync(Holes[hole], text), time: Seconds, threads: 2);
    }

    [Fact]
    public void Every_operation_with_a_text_has_a_place() =>
        Holes.Select(h => h.Method + " " + h.Target.Split('?')[0]).Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(30);

    /// <summary>Whether this database takes the even ones of those that are shared, or the odd ones.</summary>
    protected abstract bool TakesEven { get; }

    /// <summary>Skips where the database is not to be had.</summary>
    protected virtual Task RequireAsync() => Task.CompletedTask;

    private bool IsOurs(RequestHole hole, int text) =>
        Seeds.IsLong || PostgresCluster.Unavailable is not null || hole.Example is not { } example || int.IsEvenInteger(example + text) == TakesEven;

    private async Task CheckAsync(RequestHole hole, string text)
    {
        var (target, body) = hole.With(text);
        // A URL of any length is refused by the web server itself.
        if (target.Length > 8000) return;
        var status = await server.SendAsync(hole.Method, target, body);
        if (status >= 500) Assert.Fail($"{hole.Method} {target} {body} ({hole.Place}): {status}\n{server.Failures()}");
    }
}

/// <summary>On SQLite.</summary>
public sealed class AnyTextOnSqliteTests(ServerOnSqlite server) : AnyTextTests(server), IClassFixture<ServerOnSqlite>
{
    protected override bool TakesEven => true;
}

/// <summary>On PostgreSQL.</summary>
public sealed class AnyTextOnPostgreSqlTests(ServerOnPostgreSql server) : AnyTextTests(server), IClassFixture<ServerOnPostgreSql>
{
    protected override bool TakesEven => false;

    protected override Task RequireAsync() => Requires.PostgreSqlAsync();
}
