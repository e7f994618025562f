"""Plans: a loop in NumPy that follows one ends where the engine's particles do."""

import numpy as np
import pytest

import guidance_playground as gp


def test_the_papers_run():
    plan = gp.plan("autoguidance")
    assert plan.steps == len(plan.rows) == 32
    assert plan.sigmas.shape == (33,)
    assert plan.guided
    assert not plan.weighs
    assert plan.evaluations == 126
    assert plan.rows[0]["sigmas"] == [pytest.approx(plan.sigmas[0]), pytest.approx(plan.sigmas[1])]
    assert plan.rows[31]["correct"] is None
    # Lerp: D1 + (w - 1) d.
    push, memory = plan.mix(0, 1, 0.0, np.ones((2, 3, 10)))
    np.testing.assert_array_equal(push, np.broadcast_to([0.0, 0.0, 2.0, 0.0], (2, 3, 4)))
    assert memory.shape == (2, 3, 4)


def test_any_number_of_samples_at_once():
    plan = gp.plan({"combination": {"apg": {"momentum": -0.5, "parallel": 0.1, "radius": 0.3}}, "guide": {"model": "exact"}, "weight": 2})
    vectors = np.random.default_rng(1).normal(size=(50, 4, 8))
    products = vectors @ vectors.transpose(0, 2, 1)
    gram = products[(slice(None), *np.triu_indices(4))]
    push, memory = plan.mix(3, 0, 0.0, gram)
    for i in range(50):
        one = plan.mix(3, 0, 0.0, gram[i])
        np.testing.assert_array_equal(one[0], push[i])
        np.testing.assert_array_equal(one[1], memory[i])
    # Whatever the layout.
    np.testing.assert_array_equal(plan.mix(3, 0, 0.0, np.asfortranarray(gram))[0], push)
    np.testing.assert_array_equal(plan.mix(3, 0, np.zeros(50), gram)[0], push)


def test_evidence_is_of_each_sample():
    plan = gp.plan("negative")
    assert plan.carries_evidence
    gram = np.ones((3, 10))
    push, _ = plan.mix(5, 0, np.array([-3.0, 0.0, 3.0]), gram)
    assert len({tuple(row) for row in push}) == 3
    for ratio, row in zip([-3.0, 0.0, 3.0], push, strict=True):
        np.testing.assert_array_equal(plan.mix(5, 0, ratio, gram[0])[0], row)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((32, 0, 0.0, np.ones(10)), "The row must be at most 31; it is 32"),
        ((31, 1, 0.0, np.ones(10)), "The stage must be at most 0; it is 1"),
        ((0, 0, 0.0, np.ones(9)), r"(..., 10)"),
        ((0, 0, np.ones(2), np.ones((3, 10))), "The shape of the ratio must be [3]; it is [2]"),
    ],
)
def test_what_is_refused(arguments, message):
    with pytest.raises(gp.GuidancePlaygroundError) as caught:
        gp.plan("autoguidance").mix(*arguments)
    assert message in caught.value.message
