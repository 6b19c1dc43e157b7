using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Logs;
using Sluice.Server.Configuration;

namespace Sluice.Server.Operations;

/// <summary>What is logged, and how.</summary>
internal static class Logging
{
    private const string Times = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    // At lower levels these write URLs with their queries, SQL or headers. No setting lowers them.
    private static readonly string[] Talkative = ["Microsoft", "System", "Npgsql", "Orleans", "OpenTelemetry", "Polly"];

    // Advice for clusters of many machines (server garbage collection), and a check that misreads the start of the process as a stall.
    private static readonly string[] Noise = ["Orleans.Runtime.Silo", "Orleans.Runtime.Watchdog"];

    // Events of the audit trail, as log records for OpenTelemetry alone.
    private const string Audit = "Sluice.Audit";

    // What keeps a server from starting is thrown as well, and told by who started it in one line.
    private const string Host = "Microsoft.Extensions.Hosting.Internal.Host";

    public static ILoggingBuilder AddSluiceLogging(this ILoggingBuilder logging, ServerSettings settings)
    {
        logging.SetMinimumLevel(settings.LogLevel);
        foreach (var category in Talkative) logging.AddFilter(category, level => level >= LogLevel.Warning && level >= settings.LogLevel);
        foreach (var category in Noise) logging.AddFilter(category, LogLevel.Error);
        logging.AddFilter(Host, LogLevel.Critical);
        logging.AddFilter<ConsoleLoggerProvider>(Audit, LogLevel.None);
        logging.AddFilter<OpenTelemetryLoggerProvider>(Audit, LogLevel.Information);
        return settings.LogAsJson
            ? logging.AddJsonConsole(json =>
            {
                json.TimestampFormat = Times.TrimEnd();
                json.UseUtcTimestamp = true;
            })
            : logging.AddSimpleConsole(text =>
            {
                text.TimestampFormat = Times;
                text.UseUtcTimestamp = true;
                text.SingleLine = true;
                text.ColorBehavior = LoggerColorBehavior.Default;
            });
    }
}
