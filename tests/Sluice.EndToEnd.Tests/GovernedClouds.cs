using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Snowflake.Faults;

namespace Sluice.EndToEnd.Tests;

/// <summary>The stand-ins of Snowflake and Databricks with the tables of a <see cref="CloudWorld"/>.</summary>
internal static class GovernedClouds
{
    private static readonly Dictionary<string, string[]> NoGroups = new(StringComparer.Ordinal)
    {
        [CloudWorld.Analysts] = [], [CloudWorld.Finance] = [], [CloudWorld.Privacy] = [], [CloudWorld.Auditors] = [],
    };

    private static readonly string Values = string.Join(", ", CloudWorld.Rows.Select(static r => $"({r[0]}, '{r[1]}', '{r[2]}')"));

    public static async Task<IGovernedCloud> StartAsync(string technology, bool asProcess = false) => technology == "snowflake"
        ? new OfAccount(await GovernedAccount.StartAsync(NoGroups, asProcess: asProcess, statements: [.. CloudWorld.Tables.SelectMany(static t => (string[])
        [
            $"CREATE TABLE SHOP.S.{t.ToUpperInvariant()} (ID NUMBER(38,0), REGION VARCHAR, EMAIL VARCHAR)",
            $"INSERT INTO SHOP.S.{t.ToUpperInvariant()} VALUES {Values}",
            $"GRANT REFERENCES ON TABLE SHOP.S.{t.ToUpperInvariant()} TO ROLE {SnowflakeAccount.Role}",
        ])]))
        : new OfUnity(await GovernedUnity.StartAsync(NoGroups, "sales/orders", asProcess, [.. CloudWorld.Tables.SelectMany(static t => (string[])
        [
            $"CREATE TABLE {GovernedUnity.Named($"orders/{t}")} (id BIGINT, region STRING, email STRING)",
            $"INSERT INTO {GovernedUnity.Named($"orders/{t}")} VALUES {Values}",
        ])]));

    private sealed class OfAccount(GovernedAccount account) : IGovernedCloud
    {
        private const string Suspended = "000606";

        // Several statements in one request are MULTIPLE: changes of one phase are sent so.
        private static readonly string[] Writes = ["ALTER", "CREATE", "DROP", "GRANT", "MERGE", "MULTIPLE", "REVOKE"];

        private readonly ConcurrentDictionary<string, string> _refusals = new(StringComparer.Ordinal);

        public string Key => GovernedAccount.Key;

        public TestServer Server => account.Server;

        public string Schema => $"{GovernedAccount.Key}, SHOP, S";

        public string Column(string name) => name.ToUpperInvariant();

        public string Table(string name) => name.ToUpperInvariant();

        public string Username(string person) => person;

        public void Slow(int milliseconds) => account.Account.Sandbox.SetFaults(
            [.. Writes.Select(w => new SnowflakeSandboxFault { Operation = $"query:{w}", Kind = SnowflakeSandboxFaultKind.Latency, LatencyMilliseconds = milliseconds })]);

        public IReadOnlyList<(string What, bool IsMade, bool HasToBeginLater)> Faults { get; } =
        [
            ("writes time out", false, false), ("rows refused", false, false), ("dropped after commit", true, false), ("429", true, false), ("503", true, false),
            ("cut answers", true, false), ("expired sessions", true, false), ("slow statements", true, false), ("a suspended warehouse", false, true),
        ];

        public void Break(string what)
        {
            var sandbox = account.Account.Sandbox;
            if (what == "a suspended warehouse") account.Change($"ALTER WAREHOUSE {SnowflakeAccount.Warehouse} SET AUTO_RESUME = FALSE", $"ALTER WAREHOUSE {SnowflakeAccount.Warehouse} SUSPEND");
            else if (what == "rows refused") sandbox.SetFaults(new SnowflakeSandboxFault { Operation = "query:MERGE", Kind = SnowflakeSandboxFaultKind.InternalError });
            else if (what == "writes time out") sandbox.SetFaults([.. ((string[])["ALTER", "MULTIPLE"]).Select(static w => new SnowflakeSandboxFault { Operation = $"query:{w}", Kind = SnowflakeSandboxFaultKind.StatementTimeout })]);
            else if (what == "slow statements") sandbox.SetFaults([.. Writes.Select(static w => new SnowflakeSandboxFault { Operation = $"query:{w}", Kind = SnowflakeSandboxFaultKind.SlowStatement, LatencyMilliseconds = 300 })]);
            else
            {
                var kind = what switch
                {
                    "429" => SnowflakeSandboxFaultKind.Throttle,
                    "503" => SnowflakeSandboxFaultKind.Unavailable,
                    "cut answers" => SnowflakeSandboxFaultKind.CutAnswer,
                    "dropped after commit" => SnowflakeSandboxFaultKind.DropAfterCommit,
                    _ => SnowflakeSandboxFaultKind.ExpireSession,
                };
                sandbox.SetFaults([.. Writes.Append("SHOW").Select(w => new SnowflakeSandboxFault { Operation = $"query:{w}", Kind = kind, Every = 2, Times = kind == SnowflakeSandboxFaultKind.ExpireSession ? 1 : 2 })]);
            }
        }

        public string? RefusalOf(string person) => _refusals.GetValueOrDefault(person);

        public void Mend()
        {
            account.Account.Sandbox.SetFaults();
            account.Change($"ALTER WAREHOUSE {SnowflakeAccount.Warehouse} SET AUTO_RESUME = TRUE");
        }

        public Task LookAsync(Api api) => GovernedAccount.LookAsync(api);

        public async Task<Func<string, Task<IReadOnlyList<string?[]>?>>> LogInAsync(string person)
        {
            var sql = await account.LogInAsync(person.ToUpperInvariant());
            return async table =>
            {
                var (error, rows) = await sql.TryAsync($"SELECT ID, REGION, EMAIL FROM SHOP.S.{table.ToUpperInvariant()}");
                if (error is null) return [.. rows.Select(static r => (string?[])[r["ID"], r["REGION"], r["EMAIL"]])];
                if (error.StartsWith(Suspended, StringComparison.Ordinal)) throw new HttpRequestException(error);
                // Not there or not authorized; and insufficient privileges.
                error.ShouldMatch("^00(2003|3001):", $"{person}: {table}");
                _refusals[person] = error;
                return null;
            };
        }

        public Task KillAsync() => account.KillAsync();

        public ValueTask DisposeAsync() => account.DisposeAsync();
    }

    private sealed class OfUnity(GovernedUnity unity) : IGovernedCloud
    {
        private readonly ConcurrentDictionary<string, string> _refusals = new(StringComparer.Ordinal);

        public string Key => GovernedUnity.Key;

        public TestServer Server => unity.Server;

        public string Schema => $"{GovernedUnity.Key}, {GovernedUnity.Catalog}, orders";

        public string Column(string name) => name;

        public string Table(string name) => name;

        public string Username(string person) => $"{person}@acme.example";

        // Its faults don't tell reads from writes, and of reads there are many.
        public void Slow(int milliseconds) => unity.Sandbox.SetFaults(
            new DatabricksSandboxFault { Kind = DatabricksSandboxFaultKind.Latency, LatencyMilliseconds = milliseconds / 5, JitterMilliseconds = milliseconds / 5 });

        public IReadOnlyList<(string What, bool IsMade, bool HasToBeginLater)> Faults { get; } =
        [
            ("dropped after commit", true, false), ("429", true, false), ("503", true, false), ("cut answers", true, false), ("slow statements", true, false),
            ("a stopped warehouse", true, false), ("a deleted warehouse", false, true),
        ];

        public void Break(string what)
        {
            if (what == "a deleted warehouse") unity.Sandbox.SetWarehouse(SandboxComputeState.Deleted);
            else if (what == "a stopped warehouse") unity.Sandbox.SetWarehouse(SandboxComputeState.Stopped);
            else if (what == "slow statements") unity.Sandbox.SetFaults(new DatabricksSandboxFault { Kind = DatabricksSandboxFaultKind.Latency, LatencyMilliseconds = 300 });
            else
            {
                var kind = what switch
                {
                    "429" => DatabricksSandboxFaultKind.Throttle,
                    "503" => DatabricksSandboxFaultKind.Unavailable,
                    "cut answers" => DatabricksSandboxFaultKind.CutAnswer,
                    _ => DatabricksSandboxFaultKind.DropAfterCommit,
                };
                unity.Sandbox.SetFaults(new DatabricksSandboxFault { Kind = kind, Every = 5, Times = 60 });
            }
        }

        public string? RefusalOf(string person) => _refusals.GetValueOrDefault(person);

        public void Mend()
        {
            unity.Sandbox.SetFaults();
            unity.Sandbox.SetWarehouse(SandboxComputeState.Running);
        }

        public Task LookAsync(Api api) => GovernedUnity.LookAsync(api);

        public Task<Func<string, Task<IReadOnlyList<string?[]>?>>> LogInAsync(string person) => Task.FromResult<Func<string, Task<IReadOnlyList<string?[]>?>>>(table => ReadAsync(person, table));

        private async Task<IReadOnlyList<string?[]>?> ReadAsync(string person, string table)
        {
            using var http = new HttpClient { BaseAddress = unity.Sandbox.Endpoint };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", unity.Sandbox.TokenOf(Username(person)));
            var statement = $"SELECT id, region, email FROM {GovernedUnity.Named($"orders/{table}")}";
            using var response = await http.PostAsJsonAsync("/api/2.0/sql/statements", new { statement, warehouse_id = unity.Sandbox.WarehouseId, wait_timeout = "50s" });
            response.EnsureSuccessStatusCode();
            var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync());
            var status = answer.GetProperty("status");
            if (status.GetProperty("state").GetString() == "SUCCEEDED")
                return answer.GetProperty("result").TryGetProperty("data_array", out var rows) ? [.. rows.EnumerateArray().Select(static r => r.EnumerateArray().Select(static v => v.GetString()).ToArray())] : [];
            if (status.ToString().Contains("The SQL warehouse was deleted", StringComparison.Ordinal)) throw new HttpRequestException(status.ToString());
            _refusals[person] = status.ToString();
            status.ToString().ShouldMatch("INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED", $"{person}: {table}");
            return null;
        }

        public Task KillAsync() => unity.KillAsync();

        public ValueTask DisposeAsync() => unity.DisposeAsync();
    }
}
