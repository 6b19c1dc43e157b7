using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>The Statement Execution API, from https://docs.databricks.com/api/workspace/statementexecution.</summary>
internal static class StatementOperations
{
    private const int LongestStatement = 16 * 1024 * 1024;

    public static async Task Execute(Call call)
    {
        var request = StatementRequest.Read(call);
        if (request.Text.Length > LongestStatement) throw DatabricksException.Invalid("The statement is longer than 16 MiB.");
        var run = call.Runtime.Statements.Add(request);
        run.TryStart(isPoll: false);
        // One that waits for polls would only keep its caller.
        if (request.Wait > TimeSpan.Zero && !run.WaitsForPolls)
        {
            await Task.WhenAny(run.Completion, Task.Delay(request.Wait, call.Options.Clock, call.Ending));
            if (request.CancelsAfterWait && !run.Completion.IsCompleted) run.Cancel();
        }
        else if (request.CancelsAfterWait && run.WaitsForPolls)
        {
            run.Cancel();
        }

        StatementWriting.Response(call, run);
    }

    public static void Get(Call call)
    {
        var run = call.Runtime.Statements.Of(call);
        run.TryStart(isPoll: true);
        StatementWriting.Response(call, run);
    }

    public static void Chunk(Call call)
    {
        var run = call.Runtime.Statements.Of(call);
        var outcome = run.Outcome;
        if (outcome.State == StatementState.Closed) throw ResultSpool.Gone();
        if (outcome.Result is not { } result) throw DatabricksException.Invalid($"Cannot fetch a result of statement {run.Id}: its state is {outcome.State.ToString().ToUpperInvariant()}.");
        if (!int.TryParse(call.Route("chunk_index"), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= Math.Max(1, result.Chunks.Count)) throw DatabricksException.Invalid($"There is no chunk {call.Route("chunk_index")}.");
        StatementWriting.Result(call, run, result, index);
    }

    public static void Cancel(Call call)
    {
        call.Runtime.Statements.Of(call).Cancel();
        call.WriteEmpty();
    }

    /// <summary>A pre-signed link: as cloud storage, it takes no second credential and answers errors in XML.</summary>
    public static void External(Call call)
    {
        call.ContentType = "application/json";
        var id = call.Route("statement_id");
        var expires = call.Query("X-Sandbox-Expires");
        if (call.Http.Request.Headers.Authorization.Count > 0)
        {
            Refuse(call, 400, "InvalidArgument", "Only one auth mechanism allowed; only the X-Sandbox-Signature query parameter, or the Authorization header, should be specified.");
        }
        else if (!int.TryParse(call.Route("chunk_index"), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || !long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(StatementWriting.Sign(id, index, until)), Encoding.UTF8.GetBytes(call.Query("X-Sandbox-Signature") ?? "")))
        {
            Refuse(call, 403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.");
        }
        else if (until < call.Now)
        {
            Refuse(call, 403, "AccessDenied", "Request has expired");
        }
        else if (call.Runtime.Statements.Find(id)?.Outcome.Result is { } result && index < result.Chunks.Count)
        {
            call.Payload = result.ReadChunk(index);
        }
        else
        {
            Refuse(call, 404, "NoSuchKey", "The specified key does not exist.");
        }
    }

    private static void Refuse(Call call, int status, string code, string message)
    {
        call.Runtime.Requests.Failed(code);
        call.Status = status;
        call.ContentType = "application/xml";
        call.Payload = Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>");
    }
}
