using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Tests.Databases;

public sealed class WriteTests
{
    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_write_that_throws_or_is_cancelled_leaves_nothing(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await Should.ThrowAsync<InvalidOperationException>(() => database.Database.WriteAsync(
            async (context, token) =>
            {
                await AddAsync(context, "a", token);
                throw new InvalidOperationException();
            },
            Ending));
        using var cancelled = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => database.Database.WriteAsync(
            async (context, token) =>
            {
                await AddAsync(context, "b", token);
                await cancelled.CancelAsync();
            },
            cancelled.Token));
        (await database.NumberAsync("SELECT count(*) FROM server_facts")).ShouldBe(0);
        await database.Database.WriteAsync((context, token) => AddAsync(context, "c", token), Ending);
        (await database.NumberAsync("SELECT count(*) FROM server_facts")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_write_that_lost_a_race_for_a_unique_value_runs_again_and_only_so_often(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.Database.WriteAsync((context, token) => AddAsync(context, "taken", token), Ending);
        var runs = 0;
        await Should.ThrowAsync<DbException>(() => database.Database.WriteUniqueAsync(
            async (context, token) =>
            {
                runs++;
                await AddAsync(context, "taken", token);
                return true;
            },
            Ending));
        runs.ShouldBeInRange(2, 10);
    }

    [Fact]
    public async Task Writers_that_deadlock_on_PostgreSQL_all_succeed_in_the_end()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        foreach (var name in new[] { "a", "b" }) await database.Database.WriteAsync((context, token) => AddAsync(context, name, token), Ending);
        var met = new Barrier(2);
        await Task.WhenAll(Crossing("a", "b"), Crossing("b", "a"));
        (await database.NumberAsync("SELECT count(*) FROM server_facts WHERE value = 'xaaaa' OR value = 'xaa' OR value = 'xaaa'")).ShouldNotBeNull();
        (await database.NumberAsync("SELECT sum(length(value)) FROM server_facts")).ShouldBe(6, "each of two writers changed each of two rows once");

        Task Crossing(string first, string second) => Task.Run(() =>
        {
            var isFirstTry = true;
            return database.Database.WriteAsync(
                async (context, token) =>
                {
                    await ChangeAsync(context, first, token);
                    if (isFirstTry) met.SignalAndWait(token);
                    isFirstTry = false;
                    await ChangeAsync(context, second, token);
                },
                Ending);
        });

        static Task ChangeAsync(SluiceContext context, string name, CancellationToken token) =>
            context.ExecuteAsync("UPDATE server_facts SET value = value || 'a' WHERE name = @name", token, ("@name", name));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Neither_an_exception_nor_a_log_line_shows_a_value(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var lines = new Lines();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(lines));
        services.AddSingleton<Sluice.Storage.Audit.IAuditKeys>(database.AuditKeys);
        services.AddSluiceStorage(database.Options);
        await using var server = services.BuildServiceProvider();
        const string secret = "pl4nted-s3cret";
        var connection = Samples.Connection(secret, secret) with { DocumentJson = $"\"{secret}\"" };
        var store = server.GetRequiredService<IConnectionStore>();
        await store.AddAsync(connection, false, [new("password", "pl4nted-s3cret"u8.ToArray())], null, Ending);
        await store.FindAsync(secret, Ending);

        var thrown = new List<Exception>
        {
            await Should.ThrowAsync<Exception>(() => server.GetRequiredService<Database>().WriteAsync(
                async (context, token) =>
                {
                    context.Secrets.Add(new SecretRow { ConnectionId = connection.Id, Field = "password", Ciphertext = "pl4nted-s3cret"u8.ToArray() });
                    context.ServerFacts.Add(new() { Name = secret, Value = null! });
                    await context.SaveChangesAsync(token);
                },
                Ending)),
            await Should.ThrowAsync<Exception>(() => server.GetRequiredService<Database>().WriteAsync(
                (context, token) => context.ExecuteAsync("INSERT INTO connections (id, key, identity_key) VALUES (@id, @key, @key)", token, ("@id", Guid.NewGuid()), ("@key", secret)),
                Ending)),
        };
        foreach (var exception in thrown)
        {
            exception.ToString().ShouldNotContain(secret);
            for (var e = exception; e is not null; e = e.InnerException)
                foreach (System.Collections.DictionaryEntry entry in e.Data) $"{entry.Value}".ShouldNotContain(secret);
        }

        lines.All.ShouldNotBeEmpty();
        lines.All.ShouldAllBe(line => !line.Contains(secret));
    }

    [Theory]
    [InlineData("Host=h;Password=abc;pl4nted=x")]
    [InlineData("Host=h;Password=abc;pl4nted")]
    [InlineData("Host=h;Port=pl4nted")]
    [InlineData("pl4nted")]
    public void A_connection_string_that_cannot_be_read_is_not_repeated(string connectionString)
    {
        var thrown = Should.Throw<ArgumentException>(() => new PostgreSqlDatabase(connectionString, null));
        thrown.ToString().ShouldNotContain("pl4nted");
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_not_ready_and_its_password_is_not_told()
    {
        await using var database = new PostgreSqlDatabase("Host=127.0.0.1;Port=1;Username=u;Password=pl4nted;Timeout=2", null);
        (await database.IsReadyAsync(Ending)).ShouldBeFalse();
        var thrown = await Should.ThrowAsync<Exception>(() => database.MigrateAsync(Ending));
        thrown.ToString().ShouldNotContain("pl4nted");
    }

    private static Task AddAsync(SluiceContext context, string name, CancellationToken token) =>
        context.ExecuteAsync("INSERT INTO server_facts (name, value) VALUES (@name, 'x')", token, ("@name", name));

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = [];

        public IReadOnlyCollection<string> All => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}
