using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sluice.Core.Planning;

namespace Sluice.Platforms;

/// <summary>The outcomes of changes as those who make them tell, from however many tasks at once.</summary>
public static class ToldOutcomes
{
    /// <summary>Has changes made, and yields what is told. Whoever stops reading goes on only when nothing is made any more.</summary>
    /// <param name="make">Makes them; its token is cancelled when nobody reads on.</param>
    /// <param name="cancellationToken">Stops between two changes.</param>
    public static async IAsyncEnumerable<ChangeOutcome> OfAsync(
        Func<Action<ChangeOutcome>, CancellationToken, Task> make, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var outcomes = Channel.CreateUnbounded<ChangeOutcome>();
        var making = MakeAsync();
        try
        {
            await foreach (var outcome in outcomes.Reader.ReadAllAsync(cancellationToken)) yield return outcome;
        }
        finally
        {
            await stopping.CancelAsync();
            await making;
        }

        async Task MakeAsync()
        {
            Exception? failure = null;
            try
            {
                await make(outcome => outcomes.Writer.TryWrite(outcome), stopping.Token);
            }
            catch (Exception e)
            {
                failure = e;
            }

            outcomes.Writer.Complete(failure);
        }
    }
}
