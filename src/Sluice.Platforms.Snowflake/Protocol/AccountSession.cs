using System.Text;
using System.Text.Json;
using Sluice.Platforms.Http;
using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Login;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>
/// A session under one role: logs in when it is first needed, renews its token before and after it expires, logs in again when it can't be renewed,
/// keeps itself alive, and logs out. Safe for concurrent use.
/// </summary>
internal sealed class AccountSession(
    AccountClient control, SnowflakeConnection connection, SnowflakeName role, IProvesLogin proof, SnowflakeOptions options, TimeProvider time) : IAsyncDisposable
{
    // A new session that has expired already is ended by somebody, again and again.
    private const int MostLogins = 3;

    private static readonly TimeSpan DefaultValidity = TimeSpan.FromHours(1);
    private static readonly TimeSpan DefaultMasterValidity = TimeSpan.FromHours(4);
    private static readonly TimeSpan LogoutTimeout = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _ended = new();
    private SessionTokens? _tokens;
    private Task _heartbeat = Task.CompletedTask;

    /// <summary>The role it logs in with.</summary>
    public SnowflakeName Role => role;

    /// <summary>Tokens that are good now.</summary>
    /// <param name="retry">How long whoever needs them waits for a login.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<SessionTokens> TokensAsync(RetryPolicy retry, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _tokens) is { } known && time.GetUtcNow() < known.RenewAt) return known;
        return await ReplaceAsync(tokens => tokens is not null && time.GetUtcNow() < tokens.RenewAt, retry, cancellationToken);
    }

    /// <summary>Tokens in the place of those that the account took for expired.</summary>
    public Task<SessionTokens> RenewAsync(SessionTokens expired, RetryPolicy retry, CancellationToken cancellationToken) =>
        ReplaceAsync(tokens => tokens is not null && !ReferenceEquals(tokens, expired), retry, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _heartbeat;
        if (_tokens is { } tokens) await LogOutAsync(tokens);
        _ended.Dispose();
        _gate.Dispose();
    }

    private async Task<SessionTokens> ReplaceAsync(Func<SessionTokens?, bool> isGood, RetryPolicy retry, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var tokens = _tokens;
            if (isGood(tokens)) return tokens!;
            tokens = tokens is null ? null : await RenewTokenAsync(tokens, retry, cancellationToken);
            tokens ??= await LogInAsync(retry, cancellationToken);
            Volatile.Write(ref _tokens, tokens);
            if (_heartbeat.IsCompleted) _heartbeat = Task.Run(BeatAsync, CancellationToken.None);
            return tokens;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<SessionTokens> LogInAsync(RetryPolicy retry, CancellationToken cancellationToken)
    {
        List<(string, string)> query =
        [
            ("warehouse", SnowflakeName.Stored(connection.Warehouse).Parameter),
            ("roleName", role.Parameter),
        ];
        for (var logins = 1; ; logins++)
        {
            LoginProof? sent = null;
            var answer = Envelope.Read(
                await control.PostAsync(
                    "snowflake:login", "/session/v1/login-request", query, control.NewId(),
                    async ending => LoginRequest.Body(connection.Account, sent = await proof.ProveAsync(ending), options.StatementTimeout),
                    token: null, retry, cancellationToken),
                "a login");
            if (!answer.Success)
            {
                if (answer.Code is SnowflakeCodes.OAuthTokenInvalid or SnowflakeCodes.OAuthTokenExpired && proof.Forget()) continue;
                throw SnowflakeErrors.OfLogin(answer.Code, sent?.IsRepeatedBy(answer.Message) == true ? null : answer.Message, proof.Hint);
            }

            if (Token(answer, "token") is not { } token || Token(answer, "masterToken") is not { } master) throw Envelope.NotSnowflake("a login");
            var tokens = SessionTokens.Of(
                token, master, answer.Seconds("validityInSeconds", DefaultValidity), answer.Seconds("masterValidityInSeconds", DefaultMasterValidity),
                time.GetUtcNow());
            if (await SetUpAsync(tokens, retry, cancellationToken) is not { } failure) return tokens;
            if (logins == MostLogins) throw failure;
        }
    }

    /// <summary>Sets a new session up, or logs it out; then nothing is read in it.</summary>
    /// <returns>What has passed and is worth another login; null when the session can be used.</returns>
    private async Task<PlatformException?> SetUpAsync(SessionTokens tokens, RetryPolicy retry, CancellationToken cancellationToken)
    {
        var isLeft = true;
        try
        {
            var failure = await new SessionSetup(control, options, time).RunAsync(tokens, retry, cancellationToken);
            isLeft = failure is not null;
            return failure;
        }
        finally
        {
            if (isLeft) await LogOutAsync(tokens);
        }
    }

    /// <summary>New tokens of the same session; null when only a login helps.</summary>
    private async Task<SessionTokens?> RenewTokenAsync(SessionTokens tokens, RetryPolicy retry, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() >= tokens.MasterExpiresAt) return null;
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["oldSessionToken"] = tokens.Token, ["requestType"] = "RENEW",
        });
        var answer = Envelope.Read(
            await control.PostAsync(
                "snowflake:renew", "/session/token-request", [], control.NewId(), _ => ValueTask.FromResult(body), tokens.Master,
                retry, cancellationToken),
            "a token request");
        if (!answer.Success || Token(answer, "sessionToken") is not { } token) return null;
        return SessionTokens.Of(
            token, Token(answer, "masterToken") ?? tokens.Master, answer.Seconds("validityInSecondsST", DefaultValidity),
            answer.Seconds("validityInSecondsMT", DefaultMasterValidity), time.GetUtcNow());
    }

    private async Task BeatAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(options.Heartbeat, time);
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                try
                {
                    var tokens = await TokensAsync(options.Interactive, _ended.Token);
                    var answer = Envelope.Read(
                        await control.PostAsync(
                            "snowflake:heartbeat", "/session/heartbeat", [], control.NewId(), static _ => ValueTask.FromResult(Array.Empty<byte>()), tokens.Token,
                            options.Interactive, _ended.Token),
                        "a heartbeat");
                    if (SnowflakeCodes.IsExpired(answer.Code)) await RenewAsync(tokens, options.Interactive, _ended.Token);
                }
                catch (PlatformException)
                {
                    // The next statement meets what is wrong, and tells whoever waits for it.
                }
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Logged out.
        }
    }

    // Who is about to leave does not wait long, and a session that stays behind ends by itself.
    private async Task LogOutAsync(SessionTokens tokens)
    {
        using var timeout = new CancellationTokenSource(LogoutTimeout, time);
        try
        {
            using var answer = await control.PostAsync(
                "snowflake:logout", "/session", [("delete", "true")], control.NewId(), static _ => ValueTask.FromResult(Encoding.UTF8.GetBytes("{}")), tokens.Token,
                RetryPolicy.None, timeout.Token);
        }
        catch (Exception e) when (e is PlatformException or OperationCanceledException)
        {
        }
    }

    private static string? Token(Envelope answer, string name) =>
        answer.DataText(name) is { Length: > 0 } text && text.All(static c => c is > ' ' and < '\x7f' and not '"') ? text : null;
}
