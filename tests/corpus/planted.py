"""Bugs that are put by hand into real code: silence about a package must not be blindness.

Each is the mistake of a small edit: an argument that is left out, a name that was not changed after copying a line, an output that is given
a new name. They were chosen by reading the code, before anybody knew which ones backprobe finds.
"""

from typing import NamedTuple


class Planted(NamedTuple):
    """One change of one file, and the rule that must find it."""

    package: str
    path: str
    old: str
    new: str
    rule: str
    #: The file with the finding, where that is another one.
    found_in: str = ""
    #: Why backprobe does not find it.
    missed: str = ""


WITHOUT_VARIABLE_LIST = [
    Planted(
        "dltk", "examples/applications/IXI_HH_DCGAN/train.py",
        "epsilon=1e-5).minimize(g_loss, var_list=g_vars)",
        "epsilon=1e-5).minimize(g_loss)",
        "optimizer-without-variable-list",
    ),
    Planted(
        "dltk", "examples/applications/IXI_HH_DCGAN/train.py",
        "epsilon=1e-5).minimize(d_loss, var_list=d_vars)",
        "epsilon=1e-5).minimize(d_loss)",
        "optimizer-without-variable-list",
    ),
    Planted(
        "garage", "src/garage/tf/algos/ddpg.py",
        "                    action_loss, var_list=self.policy.get_trainable_vars())",
        "                    action_loss)",
        "optimizer-without-variable-list",
        missed="the networks build their parts of the graph themselves: which variables are theirs is not known where they are passed in",
    ),
    Planted(
        "garage", "src/garage/tf/algos/td3.py",
        "                    action_loss, var_list=self.policy.get_trainable_vars())",
        "                    action_loss)",
        "optimizer-without-variable-list",
        missed="the networks build their parts of the graph themselves: which variables are theirs is not known where they are passed in",
    ),
]

WRONG_PARAMETERS = [
    Planted(
        "opacus", "examples/dcgan.py",
        "optimizerG = optim.Adam(netG.parameters(),",
        "optimizerG = optim.Adam(netD.parameters(),",
        "optimizer-holds-wrong-parameters",
        missed="make_private wraps network and optimizer under a condition: each name stands for one of two objects",
    ),
    Planted(
        "opacus", "examples/dcgan.py",
        "optimizerG = optim.Adam(netG.parameters(),",
        "optimizerG = optim.Adam(list(netG.parameters()) + list(netD.parameters()),",
        "optimizer-holds-wrong-parameters",
        missed="make_private wraps network and optimizer under a condition: each name stands for one of two objects",
    ),
    Planted(
        "opacus", "examples/dcgan.py",
        "optimizerD = optim.Adam(netD.parameters(),",
        "optimizerD = optim.Adam(netG.parameters(),",
        "optimizer-holds-wrong-parameters",
        missed="make_private wraps network and optimizer under a condition: each name stands for one of two objects",
    ),
    Planted(
        "garage", "src/garage/torch/algos/ddpg.py",
        "                                            module=self._qf,\n",
        "                                            module=self.policy,\n",
        "optimizer-holds-wrong-parameters",
    ),
    Planted(
        "garage", "src/garage/torch/algos/sac.py",
        "        self._qf2_optimizer = self._optimizer(self._qf2.parameters(),",
        "        self._qf2_optimizer = self._optimizer(self._qf1.parameters(),",
        "optimizer-holds-wrong-parameters",
    ),
    Planted(
        "garage", "src/garage/torch/algos/td3.py",
        "                                              module=self._qf_2,\n",
        "                                              module=self._qf_1,\n",
        "optimizer-holds-wrong-parameters",
    ),
    Planted(
        "garage", "src/garage/torch/algos/vpg.py",
        "            self._vf_optimizer = OptimizerWrapper(torch.optim.Adam,\n                                                  value_function)",
        "            self._vf_optimizer = OptimizerWrapper(torch.optim.Adam, policy)",
        "optimizer-holds-wrong-parameters",
        missed="the optimizers may also be passed in: each attribute stands for one of two objects",
    ),
    Planted(
        "garage", "src/garage/torch/algos/pearl.py",
        "            self._qf2.parameters(),\n            lr=qf_lr,",
        "            self._qf1.parameters(),\n            lr=qf_lr,",
        "optimizer-holds-wrong-parameters",
        missed="what policy.networks[0] holds is not known: it may be the network that seems to be left out",
    ),
    Planted(
        "dltk", "examples/applications/IXI_HH_DCGAN/train.py",
        "minimize(g_loss, var_list=g_vars)",
        "minimize(g_loss, var_list=d_vars)",
        "optimizer-holds-wrong-parameters",
    ),
]

BATCH_NORM = [
    Planted(
        "dltk", "dltk/networks/segmentation/fcn.py",
        "    x2 = tf.layers.batch_normalization(\n        x2, training=mode == tf.estimator.ModeKeys.TRAIN)\n\n    # Return the element-wise sum",
        "    x2 = tf.layers.batch_normalization(x2)\n\n    # Return the element-wise sum",
        "batch-norm-without-training-flag",
    ),
    Planted(
        "dltk", "dltk/core/residual_unit.py",
        "    with tf.variable_scope('sub_unit1'):\n        x = tf.layers.batch_normalization(\n            x, training=mode == tf.estimator.ModeKeys.TRAIN)",
        "    with tf.variable_scope('sub_unit1'):\n        x = tf.layers.batch_normalization(x)",
        "batch-norm-without-training-flag",
    ),
    Planted(
        "dltk", "dltk/networks/segmentation/deepmedic.py",
        "                        x = tf.layers.batch_normalization(\n                            x, training=mode == tf.estimator.ModeKeys.TRAIN)\n"
        "                        x = prelu(x) if use_prelu else leaky_relu(x, 0.01)\n                    x = tf.layers.conv3d(x,\n                                         normal_filters[i],",
        "                        x = tf.layers.batch_normalization(x)\n"
        "                        x = prelu(x) if use_prelu else leaky_relu(x, 0.01)\n                    x = tf.layers.conv3d(x,\n                                         normal_filters[i],",
        "batch-norm-without-training-flag",
    ),
    Planted(
        "magenta", "magenta/models/nsynth/utils.py",
        '      "is_training": is_training,\n      "decay": 0.999,',
        '      "decay": 0.999,',
        "batch-norm-without-training-flag",
    ),
    Planted(
        "magenta", "magenta/models/arbitrary_image_stylization/nza_model.py",
        "        with slim.arg_scope([slim.batch_norm],\n                            is_training=is_training,\n                            trainable=trainable):",
        "        with slim.arg_scope([slim.batch_norm],\n                            trainable=trainable):",
        "batch-norm-without-training-flag",
    ),
    Planted(
        "magenta", "magenta/models/onsets_frames_transcription/model.py",
        "slim.arg_scope([slim.batch_norm, slim.dropout], is_training=is_training)",
        "slim.arg_scope([slim.dropout], is_training=is_training)",
        "batch-norm-without-training-flag",
    ),
]

DROPOUT = [
    Planted(
        "opacus", "examples/mnist_lightning.py",
        "        x = F.relu(self.fc1(x))  # -> [B, 32]",
        "        x = F.dropout(F.relu(self.fc1(x)), 0.5)",
        "dropout-without-training-flag",
    ),
    Planted(
        "opacus", "opacus/layers/dp_multihead_attention.py",
        "        attn_output_weights = self.dropout(attn_output_weights)",
        "        attn_output_weights = F.dropout(attn_output_weights, p=self.dropout.p)",
        "dropout-without-training-flag",
        missed="every known caller leaves the rate at 0, where nothing drops",
    ),
    Planted(
        "nnunet", "nnunet/network_architecture/custom_modules/conv_blocks.py",
        "        out = self.dropout(self.conv1(x))\n",
        "        out = nn.functional.dropout(self.conv1(x), self.props['dropout_op_kwargs']['p'])\n",
        "dropout-without-training-flag",
    ),
    Planted(
        "tianshou", "tianshou/utils/net/common.py",
        "        obs = self.fc1(obs)\n",
        "        obs = nn.functional.dropout(self.fc1(obs), 0.1)\n",
        "dropout-without-training-flag",
    ),
    Planted(
        "garage", "src/garage/torch/modules/multi_headed_mlp_module.py",
        "            x = layer(x)\n",
        "            x = nn.functional.dropout(layer(x), p=0.1)\n",
        "dropout-without-training-flag",
    ),
    Planted(
        "dltk", "dltk/networks/regression_classification/resnet.py",
        "    with tf.variable_scope('last'):\n",
        "    with tf.variable_scope('last'):\n        x = tf.layers.dropout(x, rate=0.5)\n",
        "dropout-without-training-flag",
    ),
    Planted(
        "magenta", "magenta/models/onsets_frames_transcription/model_tpu.py",
        "slim.arg_scope([slim.batch_norm, slim.dropout], is_training=is_training)",
        "slim.arg_scope([slim.batch_norm], is_training=is_training)",
        "dropout-without-training-flag",
        missed="the share that is kept comes from the hyperparameters, which may switch dropout off",
    ),
]

UNSTACKED = [
    Planted(
        "opacus", "examples/mnist_lightning.py",
        "        x = F.relu(self.fc1(x))  # -> [B, 32]\n        x = self.fc2(x)",
        "        h = F.relu(self.fc1(x))  # -> [B, 32]\n        x = self.fc2(x)",
        "unstacked-layer",
    ),
    Planted(
        "opacus", "examples/imdb.py",
        "        x = self.fc1(x)\n        x = F.relu(x)",
        "        h = self.fc1(x)\n        x = F.relu(x)",
        "unstacked-layer",
        missed="main, the only caller, wraps the network in a privacy engine and exceeds the budget of a root",
    ),
    Planted(
        "opacus", "opacus/tests/privacy_engine_test.py",
        "        x = self.gnorm1(x)  # -> [B, 16, 10, 10]",
        "        self.gnorm1(x)  # -> [B, 16, 10, 10]",
        "unstacked-layer",
    ),
    Planted(
        "dltk", "dltk/core/residual_unit.py",
        "        x = tf.layers.conv3d(\n            inputs=x,\n            filters=out_filters,\n            kernel_size=k, strides=strides,",
        "        h = tf.layers.conv3d(\n            inputs=x,\n            filters=out_filters,\n            kernel_size=k, strides=strides,",
        "unstacked-layer",
    ),
    Planted(
        "magenta", "magenta/models/image_stylization/model.py",
        "    h_2 = conv2d(h_1, kernel_size,",
        "    h_2 = conv2d(input_, kernel_size,",
        "unstacked-layer",
        missed="all callers exceed the budget of a root",
    ),
    Planted(
        "magenta", "magenta/models/nsynth/baseline/models/ae_configs/nfft_1024.py",
        '    h = utils.conv2d(\n        h, [4, 4], [2, 2],\n        128,\n        is_training,\n        activation_fn=utils.leaky_relu(),\n        batch_norm=True,\n        scope="1")',
        '    h = utils.conv2d(\n        x, [4, 4], [2, 2],\n        128,\n        is_training,\n        activation_fn=utils.leaky_relu(),\n        batch_norm=True,\n        scope="1")',
        "unstacked-layer",
        missed="utils.conv2d reads the layer in a branch that is not taken here: that counts as use",
    ),
    Planted(
        "magenta", "magenta/models/svg_vae/image_vae.py",
        "      ret = tf.layers.Conv2DTranspose(hparams.base_depth, 5, padding='SAME',\n                                      activation=None)(ret)\n"
        "      ret = ops.conditional_instance_norm(ret, clss, hparams.num_categories)\n      ret = tf.nn.relu(ret)\n\n"
        "      ret = tf.layers.Conv2D(1, 5, padding='SAME', activation=None)(ret)",
        "      out = tf.layers.Conv2DTranspose(hparams.base_depth, 5, padding='SAME',\n                                      activation=None)(ret)\n"
        "      ret = ops.conditional_instance_norm(ret, clss, hparams.num_categories)\n      ret = tf.nn.relu(ret)\n\n"
        "      ret = tf.layers.Conv2D(1, 5, padding='SAME', activation=None)(ret)",
        "unstacked-layer",
        missed="the class exceeds the budget of a root",
    ),
    Planted(
        "garage", "src/garage/tf/models/mlp.py",
        "                l_hid = tf.keras.layers.LayerNormalization()(l_hid)",
        "                tf.keras.layers.LayerNormalization()(l_hid)",
        "unstacked-layer",
        missed="layers of tf.keras are not known",
    ),
    Planted(
        "nnunet", "nnunet/network_architecture/custom_modules/conv_blocks.py",
        "        out = self.nonlin2(self.norm2(self.conv2(out)))\n",
        "        h = self.nonlin2(self.norm2(self.conv2(out)))\n",
        "unstacked-layer",
        missed="the kinds of layers come out of a dictionary that is passed in",
    ),
]

SINGLE_UNIT = [
    Planted(
        "opacus", "examples/mnist_lightning.py",
        "        self.fc2 = nn.Linear(32, 10)",
        "        self.fc2 = nn.Linear(32, 1)",
        "single-unit-softmax",
    ),
    Planted(
        "opacus", "opacus/tests/grad_sample_module_fast_gradient_clipping_test.py",
        "        x = self.fc5(x).flatten(start_dim=1)\n        x = F.softmax(x)",
        "        x = F.softmax(self.fc5(x), dim=-1)",
        "single-unit-softmax",
    ),
    Planted(
        "dltk", "examples/applications/IXI_HH_sex_classification_resnet/train.py",
        "NUM_CLASSES = 2\n",
        "NUM_CLASSES = 1\n",
        "single-unit-softmax",
    ),
    Planted(
        "dltk", "examples/applications/MRBrainS13_tissue_segmentation/train.py",
        "NUM_CLASSES = 9\n",
        "NUM_CLASSES = 1\n",
        "single-unit-softmax",
        missed="model_fn exceeds the budget of a root: the network has 30 layers",
    ),
    Planted(
        "magenta", "magenta/models/piano_genie/model.py",
        "      dec_recons_logits = tf.layers.dense(dec_stp, 88)",
        "      dec_recons_logits = tf.layers.dense(dec_stp, 1)",
        "single-unit-softmax",
        missed="all callers exceed the budget of a root",
    ),
    Planted(
        "garage", "src/garage/torch/policies/categorical_cnn_policy.py",
        "            output_dims=[self._env_spec.action_space.flat_dim],",
        "            output_dims=[1],",
        "single-unit-softmax",
        missed="the head is one of several in a list that a check may copy",
    ),
    Planted(
        "nnunet", "nnunet/network_architecture/generic_UNet.py",
        "            self.seg_outputs.append(conv_op(self.conv_blocks_localization[ds][-1].output_channels, num_classes,\n",
        "            self.seg_outputs.append(conv_op(self.conv_blocks_localization[ds][-1].output_channels, 1,\n",
        "single-unit-softmax", found_in="nnunet/utilities/nd_softmax.py",
        missed="the layers are made in a loop of unknown length and found again by their number",
    ),
    Planted(
        "tianshou", "tianshou/utils/net/discrete.py",
        "            output_dim=action_dim,\n            hidden_sizes=hidden_sizes,\n            device=device\n        )\n        self.feature_dim",
        "            output_dim=1,\n            hidden_sizes=hidden_sizes,\n            device=device\n        )\n        self.feature_dim",
        "single-unit-softmax", found_in="tianshou/policy/modelbased/icm.py",
        missed="only an annotation says which model the policy is given",
    ),
]

KERAS_AND_FLAX = [
    Planted(
        "tf2rl", "tf2rl/algos/gail.py",
        "        features = self.l2(features)\n        return self.l3(features)\n\n    def compute_reward",
        "        features = self.l2(inputs)\n        return self.l3(features)\n\n    def compute_reward",
        "unstacked-layer",
        missed="each layer is of one of two classes, which a parameter chooses",
    ),
    Planted(
        "tf2rl", "tf2rl/algos/dqn.py",
        "        features = self.l2(features)\n",
        "        features = self.l2(inputs)\n",
        "unstacked-layer",
        missed="each layer is of one of two classes, which a parameter chooses",
    ),
    Planted(
        "tf2rl", "tf2rl/policies/tfp_categorical_actor.py",
        "        self.out_prob = Dense(action_dim, activation='softmax')",
        "        self.out_prob = Dense(1, activation='softmax')",
        "single-unit-softmax",
    ),
    Planted(
        "tensorflow-privacy", "tensorflow_privacy/privacy/logistic_regression/single_layer_softmax.py",
        "          units=num_classes,",
        "          units=1,",
        "single-unit-softmax",
    ),
    Planted(
        "dopamine-rl", "dopamine/jax/networks.py",
        "    x = nn.relu(x)\n    x = x.reshape((-1))  # flatten\n    x = nn.Dense(features=512, kernel_init=initializer)(x)\n    x = nn.relu(x)\n    q_values",
        "    h = nn.relu(x)\n    x = x.reshape((-1))  # flatten\n    h = nn.Dense(features=512, kernel_init=initializer)(x)\n    x = nn.relu(x)\n    q_values",
        "unstacked-layer",
    ),
]

PLANTED = [*WITHOUT_VARIABLE_LIST, *WRONG_PARAMETERS, *BATCH_NORM, *DROPOUT, *UNSTACKED, *SINGLE_UNIT, *KERAS_AND_FLAX]
