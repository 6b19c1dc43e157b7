using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Sluice.Core.Problems;
using Sluice.Server;
using Sluice.Server.Configuration;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// The server of <c>sluice serve</c> in this process, for tests that neither end it nor look at its process: each has data of its own, and what one has compiled the next need not compile
/// again, which is most of what a new process does in its first seconds. It looks for changes more often than it does by default, so that a test waits less.
/// </summary>
internal sealed class HostedServer : TestServer
{
    private static readonly TimeSpan LookForChanges = TimeSpan.FromMilliseconds(100);
    private readonly SluiceServer _server;
    private readonly Room _room;

    private HostedServer(SluiceServer server, Room room, string directory)
        : base(directory) => (_server, _room) = (server, room);

    public override string Url => _server.Urls[0];

    public override IReadOnlyList<string> Output => [.. _room.Lines];

    public static async Task<HostedServer> StartAsync(IReadOnlyList<string>? flags = null)
    {
        var directory = NewDirectory();
        var settings = ServerSettings.Parse(Flags(directory, flags), new Dictionary<string, string>(StringComparer.Ordinal), out var problems);
        problems.ShouldBe(new ProblemList());
        var room = new Room();
        var server = await SluiceServer.StartAsync(settings! with { Engine = settings.Engine with { ChangePollInterval = LookForChanges } }, room, TestContext.Current.CancellationToken);
        return new HostedServer(server, room, directory);
    }

    public override ValueTask DisposeAsync() => _server.DisposeAsync();

    // All that the program has, but for the console: several servers would write to the one of this process.
    private sealed class Room : EngineRoom, ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public override void Add(WebApplicationBuilder builder, ServerSettings settings)
        {
            base.Add(builder, settings);
            builder.Logging.ClearProviders().AddProvider(this);
        }

        public ILogger CreateLogger(string categoryName) => new Category(categoryName, Lines);

        public void Dispose()
        {
            // What was logged is read after the end as well.
        }
    }

    private sealed class Category(string name, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {name}[{eventId.Id}] {formatter(state, exception)} {exception}");
    }
}
