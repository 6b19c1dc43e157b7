using System.Diagnostics;
using Sluice.Core.Connections;

namespace Sluice.Platforms.Http;

/// <summary>
/// Sends a platform's HTTP requests: limits how many run at once, retries what is worth it, bounds time and size, counts and traces. Safe
/// for concurrent use; the caller keeps it as long as the session and disposes of it.
/// </summary>
/// <param name="technology">The platform, for metrics.</param>
/// <param name="handler">From <see cref="Egress.EgressGuard.CreateHttpHandler"/>. Disposed of with the client.</param>
/// <param name="options">How it sends and reads.</param>
/// <param name="limiter">Shared by the clients that share the platform's rate limit.</param>
/// <param name="time">The clock of timeouts and pauses.</param>
/// <param name="random">Spreads the pauses; the shared one when null.</param>
public sealed class PlatformHttpClient(
    Technology technology,
    HttpMessageHandler handler,
    PlatformHttpOptions options,
    AdaptiveLimiter limiter,
    TimeProvider time,
    Random? random = null) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(handler, disposeHandler: true);
    private readonly Retrier _retrier = new(time, random);

    /// <summary>Sends a request under the client's retry policy.</summary>
    /// <inheritdoc cref="SendAsync(string, Func{CancellationToken, ValueTask{HttpRequestMessage}}, RetryPolicy, CancellationToken)"/>
    public Task<PlatformResponse> SendAsync(
        string operation, Func<CancellationToken, ValueTask<HttpRequestMessage>> create, CancellationToken cancellationToken) =>
        SendAsync(operation, create, options.Retry, cancellationToken);

    /// <summary>Sends a request.</summary>
    /// <param name="operation">A fixed name, such as <c>glue:GetTables</c>; it is a label of metrics, so nothing of the user's is in it.</param>
    /// <param name="create">
    /// Makes and signs the request, once per attempt. It runs while the attempt holds its place in the limiter, so it must not wait for
    /// another request of the same limiter.
    /// </param>
    /// <param name="retry">When it is tried again.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The answer, unless it is a refusal; the caller disposes of it.</returns>
    /// <exception cref="PlatformException">What the platform refused, or why it can't be reached.</exception>
    public async Task<PlatformResponse> SendAsync(
        string operation,
        Func<CancellationToken, ValueTask<HttpRequestMessage>> create,
        RetryPolicy retry,
        CancellationToken cancellationToken)
    {
        using var activity = PlatformTelemetry.Source.StartActivity(operation, ActivityKind.Client);
        activity?.SetTag("technology", technology.Name);
        try
        {
            return await _retrier.RunAsync(retry, token => AttemptAsync(operation, create, token), cancellationToken);
        }
        catch (PlatformException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Failure.ToString());
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    private async Task<PlatformResponse> AttemptAsync(
        string operation, Func<CancellationToken, ValueTask<HttpRequestMessage>> create, CancellationToken cancellationToken)
    {
        using var lease = await limiter.AcquireAsync(cancellationToken);
        using var request = await create(cancellationToken);
        var started = time.GetTimestamp();
        PlatformFailure? failure = null;
        try
        {
            var response = await ExchangeAsync(request, cancellationToken);
            lease.Succeeded();
            return response;
        }
        catch (PlatformException e)
        {
            failure = e.Failure;
            if (e.Failure == PlatformFailure.Throttled)
                lease.Throttled();
            throw;
        }
        finally
        {
            PlatformTelemetry.Count(technology, operation, time.GetElapsedTime(started), failure);
        }
    }

    /// <summary>One request and its answer, read whole, within the attempt's timeout.</summary>
    private async Task<PlatformResponse> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.RequestUri?.IdnHost ?? "The platform";
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var message = await _invoker.SendAsync(request, either.Token);
            var response = await ReadAsync(message, either.Token);
            return Accept(response);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new PlatformException(
                PlatformFailure.Unreachable, $"{host} did not answer in full within {options.AttemptTimeout.TotalSeconds:0.#} seconds.");
        }
        catch (Exception e) when (NetworkFailure.IsOne(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw NetworkFailure.Describe(e, host);
        }
    }

    private async Task<PlatformResponse> ReadAsync(HttpResponseMessage message, CancellationToken cancellationToken)
    {
        await using var stream = await message.Content.ReadAsStreamAsync(cancellationToken);
        PooledBody body;
        try
        {
            body = await BoundedBody.ReadAsync(stream, message.Content.Headers.ContentLength, options.MaxResponseBytes, cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            // This is how the Brotli decoder says that its input is not Brotli.
            throw new InvalidDataException("The body can't be decompressed.", e);
        }

        return new PlatformResponse(
            message.StatusCode,
            message.Headers,
            message.Content.Headers.ContentType?.MediaType,
            body,
            RetryAfter.Read(message.Headers, time.GetUtcNow()));
    }

    private PlatformResponse Accept(PlatformResponse response)
    {
        PlatformException? refusal;
        try
        {
            refusal = options.Refusal(response);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (refusal is null)
            return response;

        // The platform's pause holds also where its reader of refusals did not look at the header.
        var asked = refusal.RetryAfter ?? response.RetryAfter;
        response.Dispose();
        throw refusal.RetryAfter == asked
            ? refusal
            : new PlatformException(refusal.Failure, refusal.Message, refusal.InnerException) { Code = refusal.Code, Status = refusal.Status, RetryAfter = asked };
    }
}
