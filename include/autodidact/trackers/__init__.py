"""Where training is logged besides the store: TensorBoard, MLflow, Weights & Biases (`training.report_to`).

What is logged is what the manifest of the training has, once the training has ended: a run that was killed
and resumed has each update once. log_to_trackers.py says what a run has, and remembers in the store where it
was logged; worker.py is the process that loads a library, in which a server that is away or a library that
breaks costs a line, never the training.
"""
