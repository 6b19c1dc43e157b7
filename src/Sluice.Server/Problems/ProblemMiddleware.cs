using System.Data.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Engine.Errors;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Vault;

namespace Sluice.Server.Problems;

/// <summary>Turns every refusal, failure and bare status into problem+json: the only place where errors become answers.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, IHostApplicationLifetime lifetime, ILogger<ProblemMiddleware> logger)
{
    private static readonly TimeSpan DatabasePause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DiskPause = TimeSpan.FromSeconds(60);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode >= StatusCodes.Status400BadRequest && context.Response.ContentType is null)
                await WriteBareAsync(context);
        }
        catch (Exception e)
        {
            await WriteAsync(context, e);
        }
    }

    private Task WriteAsync(HttpContext context, Exception exception)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested) return Task.CompletedTask;
        if (exception is ConnectionResetException or ConnectionAbortedException) return Task.CompletedTask;
        if (context.Response.HasStarted)
        {
            Log.FailedLate(logger, ProblemAnswer.TraceIdOf(context), exception);
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        switch (exception)
        {
            case RequestRefusedException refused:
                return ProblemAnswer.WriteAsync(context, refused.Code, refused.Message, refused.Problems);
            case PlatformException platform:
                var refusal = RequestRefusedException.Of(platform);
                return ProblemAnswer.WriteAsync(context, refusal.Code, refusal.Message);
            case SecretUnavailableException unavailable:
                return ProblemAnswer.WriteAsync(context, ErrorCode.SecretUnavailable, unavailable.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return ProblemAnswer.WriteAsync(context, ErrorCode.BodyTooLarge, "The body is larger than this server allows (--max-body).");
            case BadHttpRequestException:
                return ProblemAnswer.WriteAsync(context, ErrorCode.InvalidRequest, "The request could not be read.");
            case DatabaseDiskException disk:
                Log.DiskFailed(logger, ProblemAnswer.TraceIdOf(context), disk.Message);
                RetryAfter.Set(context, DiskPause);
                return ProblemAnswer.WriteAsync(context, ErrorCode.DiskFailed, disk.Message);
            case OperationCanceledException when lifetime.ApplicationStopping.IsCancellationRequested:
                return WriteUnavailableAsync(context, "The server is stopping.");
            case not null when IsDatabaseAway(exception):
                Log.DatabaseAway(logger, ProblemAnswer.TraceIdOf(context), exception);
                return WriteUnavailableAsync(context, "The server's database does not answer at the moment.");
            default:
                Log.Failed(logger, context.Request.Method, RouteOf(context), ProblemAnswer.TraceIdOf(context), exception!);
                return ProblemAnswer.WriteAsync(context, ErrorCode.Internal, "The server failed. The trace id finds the reason in its log.");
        }
    }

    private static Task WriteUnavailableAsync(HttpContext context, string detail)
    {
        RetryAfter.Set(context, DatabasePause);
        return ProblemAnswer.WriteAsync(context, ErrorCode.Unavailable, detail);
    }

    // What routing answers by status alone.
    private static Task WriteBareAsync(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => ProblemAnswer.WriteAsync(context, ErrorCode.NotFound, "There is no such resource."),
        StatusCodes.Status405MethodNotAllowed => ProblemAnswer.WriteAsync(
            context, ErrorCode.MethodNotAllowed, $"This resource has no {MethodOf(context)}; see the Allow header."),
        StatusCodes.Status413PayloadTooLarge => ProblemAnswer.WriteAsync(context, ErrorCode.BodyTooLarge, ErrorCode.BodyTooLarge.Title + "."),
        StatusCodes.Status415UnsupportedMediaType => ProblemAnswer.WriteAsync(
            context, ErrorCode.UnsupportedMediaType, ErrorCode.UnsupportedMediaType.Title + "."),
        >= StatusCodes.Status500InternalServerError => ProblemAnswer.WriteAsync(context, ErrorCode.Internal, "The server failed."),
        _ => ProblemAnswer.WriteAsync(context, ErrorCode.InvalidRequest, "The request could not be read."),
    };

    private static bool IsDatabaseAway(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
            if (e is DbException { IsTransient: true }) return true;
        return false;
    }

    private static string RouteOf(HttpContext context) =>
        (context.GetEndpoint() as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";

    private static string MethodOf(HttpContext context) => context.Request.Method.Length <= 16 ? context.Request.Method : "such method";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Method} {Route} failed (trace {TraceId}).")]
        public static partial void Failed(ILogger logger, string method, string route, string traceId, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "An answer broke off after it had begun (trace {TraceId}).")]
        public static partial void FailedLate(ILogger logger, string traceId, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "The database does not answer (trace {TraceId}).")]
        public static partial void DatabaseAway(ILogger logger, string traceId, Exception exception);

        [LoggerMessage(4, LogLevel.Error, "{Reason} (trace {TraceId}).")]
        public static partial void DiskFailed(ILogger logger, string traceId, string reason);
    }
}
