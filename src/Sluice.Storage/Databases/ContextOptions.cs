using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Sluice.Storage.Databases;

/// <summary>What both databases' contexts have in common.</summary>
internal static class ContextOptions
{
    /// <summary>Nothing that could bring a value into a log or an exception is on, and statements are logged for debugging only.</summary>
    public static DbContextOptionsBuilder<T> For<T>(ILoggerFactory? loggers) where T : SluiceContext =>
        new DbContextOptionsBuilder<T>()
            .UseLoggerFactory(loggers)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .EnableSensitiveDataLogging(false)
            .EnableDetailedErrors(false)
            .ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.CommandExecuted, LogLevel.Debug),
                (RelationalEventId.CommandError, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
}
