using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Server.Authentication;
using Sluice.Server.Configuration;
using Sluice.Server.Operations;
using Sluice.Storage;
using Sluice.Storage.Server;

namespace Sluice.Server;

/// <summary>A running server.</summary>
public sealed partial class SluiceServer : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownMargin = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly Listeners _listeners;
    private readonly DirectoryLock _lock;

    private SluiceServer(WebApplication app, Listeners listeners, DirectoryLock @lock, FirstKey? firstKey)
    {
        _app = app;
        _lock = @lock;
        _listeners = listeners;
        FirstKey = firstKey;
    }

    /// <summary>The API's URLs, with the ports that were taken.</summary>
    public IReadOnlyList<string> Urls => _listeners.ApiUrls;

    /// <summary>The metrics listener's URLs.</summary>
    public IReadOnlyList<string> MetricsUrls => _listeners.MetricsUrls;

    /// <summary>The administrator's key, when this start made one.</summary>
    public FirstKey? FirstKey { get; }

    /// <summary>The server's services.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Starts a server: brings the database up to date, sees to a first key, then listens.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="Exception">It can't start: the database, the vault's key or a port is not to be had. Nothing is left running.</exception>
    public static Task<SluiceServer> StartAsync(ServerSettings settings, CancellationToken cancellationToken) =>
        StartAsync(settings, new EngineRoom(), cancellationToken);

    internal static async Task<SluiceServer> StartAsync(ServerSettings settings, EngineRoom engineRoom, CancellationToken cancellationToken)
    {
        DataDirectory.Make(settings.DataDirectory);
        var @lock = DirectoryLock.Take(settings.DataDirectory);
        try
        {
            return await StartAsync(settings, engineRoom, @lock, cancellationToken);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    private static async Task<SluiceServer> StartAsync(
        ServerSettings settings, EngineRoom engineRoom, DirectoryLock @lock, CancellationToken cancellationToken)
    {
        // The empty builder reads no environment variable and no appsettings.json of its own: settings come from one place.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "sluice", ContentRootPath = settings.DataDirectory });
        var listeners = new Listeners(settings);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(listeners.Configure);
        builder.Logging.AddSluiceLogging(settings);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Engine.ShutdownGrace + ShutdownMargin);
        engineRoom.Add(builder, settings);
        builder.Services.AddSluiceApi(settings);
        builder.AddSluiceTelemetry(settings);

        var app = builder.Build();
        try
        {
            app.UseSluiceApi(settings);
            await engineRoom.EnterAsync(app.Services, cancellationToken);
            await engineRoom.PrepareAsync(app.Services, cancellationToken);
            var firstKey = await app.Services.GetRequiredService<FirstKeyMaker>()
                .EnsureAsync(settings.AdminKey, settings.DataDirectory, cancellationToken);
            await app.StartAsync(cancellationToken);
            var server = new SluiceServer(app, listeners, @lock, firstKey);
            server.LogStart(settings);
            return server;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the process is told to stop (SIGTERM, Ctrl-C) and work in hand is finished or parked.</summary>
    /// <exception cref="DatabaseTakenException">The server ended itself, because another one has its database.</exception>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        await _app.WaitForShutdownAsync(cancellationToken);
        if (_app.Services.GetService<IServerLock>() is { IsLost: true }) throw new DatabaseTakenException("Another server has taken over this server's database.");
    }

    /// <summary>Stops: no new request is taken, those in hand end, crawls park the page in hand.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _lock.Dispose();
    }

    private void LogStart(ServerSettings settings)
    {
        var logger = _app.Services.GetRequiredService<ILogger<SluiceServer>>();
        foreach (var warning in settings.Warnings) Log.Unwise(logger, warning);
        if (FirstKey is { } key) Log.KeyMade(logger, key.File);
        Log.Started(logger, ServerVersion.Text, string.Join(", ", Urls), settings.DataDirectory);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Sluice {Version} listens on {Urls} (data in {Directory}).")]
        public static partial void Started(ILogger logger, string version, string urls, string directory);

        [LoggerMessage(2, LogLevel.Information, "The administrator's key was made and lies in {File}.")]
        public static partial void KeyMade(ILogger logger, string file);

        [LoggerMessage(3, LogLevel.Warning, "{Warning}")]
        public static partial void Unwise(ILogger logger, string warning);
    }
}
